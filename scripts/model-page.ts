import { acceptedValues, searchText } from '../src/cli/option-words.ts';
import { describeOptions, type OptionDescription } from '../src/core/options.ts';
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
    const members = definitions.filter((definition) => definition.kind === kind && !isPolicy(definition));
    if (members.length === 0) continue;
    parts.push(`## ${title}`, ...members.flatMap(section));
  }
  parts.push('## Policies', ...definitions.filter(isPolicy).flatMap(section));
  return `${parts.join('\n\n')}\n`;
}

function isPolicy({ learnsFrom }: Definition): boolean {
  return learnsFrom === 'environment';
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
    acceptedValues(schema),
    byDefault === undefined ? 'required' : code(JSON.stringify(byDefault) ?? String(byDefault)),
    search === undefined ? '' : searchText(search),
    description,
  ]);
  return [['option', 'accepts', 'default', 'search', 'meaning'], Array(5).fill('---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
