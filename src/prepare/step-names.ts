/**
 * Names for steps that have none: their model's in camelCase, numbered from 1 where several are the same
 * (`standardScaler1`, `standardScaler2`).
 * @param models Names of definitions, e.g. `standard-scaler`.
 */
export function nameSteps(models: readonly string[]): string[] {
  const names = models.map((model) =>
    model.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  );
  return names.map((name, i) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name}${names.slice(0, i + 1).filter((other) => other === name).length}`;
  });
}

/** The first name that appears twice. */
export function repeatedName(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) < i);
}
