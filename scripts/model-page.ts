import { describeOptions, type OptionDescription, type SearchSpace } from '../src/core/options.ts';
import type { Definition, Kind } from '../src/define/definition.ts';

const chapters: Record<Kind, string> = {
  regressor: 'Regressors',
  classifier: 'Classifiers',
  clusterer: 'Clusterers',
  transformer: 'Transformers',
};

/** The reference of all models as Markdown: what each is, when to use it, what its options accept. */
export function modelPage(definitions: readonly Definition[]): string {
  const parts = [
    '# Models',
    'Written by `npm run docs` from the definitions of the models; edit those.',
    'The library calls a model by its name in camelCase (`randomForestRegressor`), the command by its family ' +
      '(`random-forest`). `heddle models FAMILY` prints the same.',
  ];
  for (const [kind, title] of Object.entries(chapters)) {
    const members = definitions.filter((definition) => definition.kind === kind);
    if (members.length === 0) continue;
    parts.push(`## ${title}`, ...members.flatMap(section));
  }
  return `${parts.join('\n\n')}\n`;
}

function section(definition: Definition): string[] {
  const options = describeOptions(definition.options);
  return [
    `### ${definition.name}`,
    `${definition.summary} ${definition.use}`,
    traits(definition),
    options.length === 0 ? 'It has no options.' : optionTable(options),
  ];
}

function traits(definition: Definition): string {
  const facts = [
    definition.missing === 'accepted' ? 'Missing values are accepted.' : 'Missing values are refused.',
    ...(definition.scaling === 'useful' ? ['Standardise the columns first.'] : []),
    ...(definition.scaling === 'harmful' ? ['Do not standardise the columns first.'] : []),
    ...(definition.weighted === false ? ['Takes no `sampleWeight`.'] : []),
    ...('severalTargets' in definition && definition.severalTargets === true
      ? ['`y` may have several columns.']
      : []),
    ...(definition.continues === true ? ['Continues from an earlier model (`from`).'] : []),
  ];
  return facts.join(' ');
}

function optionTable(options: readonly OptionDescription[]): string {
  const rows = options.map(({ name, schema, default: byDefault, search, description }) => [
    code(name),
    accepted(schema),
    byDefault === undefined ? 'required' : code(JSON.stringify(byDefault) ?? String(byDefault)),
    search === undefined ? '' : searched(search),
    description,
  ]);
  return [['option', 'accepts', 'default', 'search', 'meaning'], Array(5).fill('---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

type Schema = Readonly<Record<string, unknown>>;

/** A JSON Schema in words. */
function accepted(schema: Schema): string {
  const alternatives = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (alternatives !== undefined) return [...new Set(alternatives.map(accepted))].join(' or ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  switch (schema.type) {
    case 'number':
    case 'integer':
      return [schema.type, ...bounds(schema)].join(' ');
    case 'array': {
      const items = schema.items === undefined ? '' : ` of ${accepted(schema.items as Schema)}`;
      return `array${items}`;
    }
    case 'null':
      return code('null');
    case undefined:
      return 'see meaning';
    default:
      return Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type);
  }
}

function bounds(schema: Schema): string[] {
  const limits: [string, unknown][] = [
    ['≥', schema.minimum],
    ['>', schema.exclusiveMinimum],
    ['≤', schema.maximum],
    ['<', schema.exclusiveMaximum],
  ];
  return (
    limits
      .filter(([, limit]) => typeof limit === 'number')
      // zod bounds every integer by what a float64 holds exactly; that says nothing of the option.
      .filter(([, limit]) => Math.abs(limit as number) !== Number.MAX_SAFE_INTEGER)
      .map(([sign, limit]) => `${sign} ${limit}`)
  );
}

function searched(search: SearchSpace): string {
  if (search.kind === 'choices') return search.values.map((value) => code(JSON.stringify(value))).join(', ');
  const logarithmic = search.kind === 'logUniform' || (search.kind === 'integers' && search.log === true);
  return `${search.low} … ${search.high}${logarithmic ? ', logarithmic' : ''}`;
}
