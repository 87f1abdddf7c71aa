import type { SearchSpace } from '../core/options.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What an option accepts, from its JSON Schema: `number ≥ 0`, `'auto' or 'svd'`. */
export function acceptedValues(schema: Schema): string {
  const alternatives = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (alternatives !== undefined) return [...new Set(alternatives.map(acceptedValues))].join(' or ');
  // A schema that refers to itself: layers within layers.
  if (schema.$ref !== undefined) return 'JSON object';
  if (schema.const !== undefined) return String(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' or ');
  switch (schema.type) {
    case 'number':
    case 'integer':
      return [schema.type === 'integer' ? 'whole number' : 'number', ...bounds(schema)].join(' ');
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list${schema.items === undefined ? '' : ` of ${acceptedValues(schema.items as Schema)}`}`;
    case 'object':
      return 'JSON object';
    case 'string':
      return 'text';
    case undefined:
      return 'see meaning';
    default:
      return String(schema.type);
  }
}

function bounds(schema: Schema): string[] {
  const limits: [sign: string, limit: unknown][] = [
    ['≥', schema.minimum],
    ['>', schema.exclusiveMinimum],
    ['≤', schema.maximum],
    ['<', schema.exclusiveMaximum],
  ];
  // zod bounds every integer by what a float64 holds exactly; that says nothing of the option.
  return limits.flatMap(([sign, limit]) =>
    typeof limit === 'number' && Math.abs(limit) !== Number.MAX_SAFE_INTEGER ? [`${sign} ${limit}`] : [],
  );
}

export function defaultText(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function searchText(search: SearchSpace): string {
  if (search.kind === 'choices') return search.values.map(String).join(', ');
  const isLogarithmic = search.kind === 'logUniform' || (search.kind === 'integers' && search.log === true);
  return `${search.low} … ${search.high}${isLogarithmic ? ' (log)' : ''}`;
}
