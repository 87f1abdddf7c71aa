import type { Trial } from '../search/trial.ts';

/** Numbers that JSON lacks are written as these texts. */
const special = new Map<number, string>([
  [Number.NaN, '$NaN'],
  [Number.POSITIVE_INFINITY, '$Infinity'],
  [Number.NEGATIVE_INFINITY, '$-Infinity'],
]);
const numbers = new Map([...special].map(([value, text]) => [text, value]));

export function trialToText(trial: Trial): string {
  return JSON.stringify(trial, (_, value: unknown) =>
    typeof value === 'number' ? (special.get(value) ?? value) : value,
  );
}

export function trialFromText(text: string): Trial {
  const trial = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? (numbers.get(value) ?? value) : value,
  ) as Trial;
  return { ...trial, error: trial.error ?? undefined };
}
