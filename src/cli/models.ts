import { describeOptions, type OptionDescription } from '../core/options.ts';
import type { Kind } from '../define/definition.ts';
import {
  allFamilies,
  type Family,
  findFamily,
  isComplete,
  isTrainable,
  learnsByActing,
  problemsOf,
} from '../select/family.ts';
import { defineCommand } from './command.ts';
import { onOff } from './flags.ts';
import { type Io, printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { joinWords, layOut } from './layout.ts';
import { acceptedValues, defaultText, searchText } from './option-words.ts';

export const models = defineCommand({
  name: 'models',
  parameters: ['[FAMILY]'],
  summary: 'Lists the models: problems, kind of learning, typical use; with FAMILY also its options.',
  flags: { json: onOff('Print one object for programs') },
  examples: ['heddle models', 'heddle models ridge', 'heddle models --json'],
  async run([name], { json }, io) {
    if (name === undefined) {
      const families = (await allFamilies()).filter(isListed);
      if (json) printLine(io.stdout, jsonText({ models: families.map(describeFamily) }));
      else printFamilies(families, io);
      return;
    }
    const family = await findFamily(name);
    if (json) printLine(io.stdout, jsonText({ ...describeFamily(family), options: familyOptions(family) }));
    else printFamily(family, io);
  },
});

/** Models that the commands can use by name: not those made of other models, nor the steps of a preparation. */
function isListed(family: Family): boolean {
  const clusters = family.members.every(({ definition }) => definition.kind === 'clusterer');
  return isTrainable(family) || ((clusters || learnsByActing(family)) && family.members.every(isComplete));
}

const learning: Record<Kind, string> = {
  regressor: 'supervised',
  classifier: 'supervised',
  clusterer: 'unsupervised',
  transformer: 'preparation',
};

function whatFor(family: Family): string[] {
  if (learnsByActing(family)) return ['control'];
  return family.members.some(({ definition }) => definition.kind === 'clusterer')
    ? ['clustering']
    : problemsOf(family);
}

function describeFamily(family: Family) {
  const { name, members } = family;
  const definitions = members.map(({ definition }) => definition);
  return {
    family: name,
    problems: whatFor(family),
    learning: learnsByActing(family) ? 'reinforcement' : learning[definitions[0]!.kind],
    summary: definitions[0]!.summary,
    use: definitions[0]!.use,
    models: definitions.map((definition) => definition.name),
  };
}

interface FamilyOption extends OptionDescription {
  /** Members that have the option in this form. */
  readonly models: readonly string[];
}

/** The options of all members; one that differs between them appears once for each form. */
function familyOptions({ members }: Family): FamilyOption[] {
  const options = new Map<string, FamilyOption>();
  for (const { definition } of members) {
    for (const option of describeOptions(definition.options)) {
      const key = jsonText(option);
      const known = options.get(key);
      options.set(key, { ...option, models: [...(known?.models ?? []), definition.name] });
    }
  }
  return [...options.values()];
}

function printFamilies(families: readonly Family[], io: Io): void {
  const rows = families.map((family) => {
    const { name, problems, learning, use } = { name: family.name, ...describeFamily(family) };
    return [name, problems.join(', '), learning, use];
  });
  const header = ['family', 'problems', 'learning', 'typical use'];
  for (const line of layOut([header, ...rows], ['left', 'left', 'left', 'left'])) printLine(io.stdout, line);
  printLine(io.stdout);
  printLine(io.stdout, 'heddle models FAMILY shows the options of one.');
}

function printFamily(family: Family, io: Io): void {
  const { problems, learning, summary, use, models } = describeFamily(family);
  printLine(io.stdout, `${family.name}: ${summary}`);
  printLine(io.stdout, use);
  const what = problems.length === 0 ? learning : `${joinWords(problems)}, ${learning}`;
  printLine(io.stdout, `${what}; in the library ${models.map(camelCase).join(', ')}`);
  const options = familyOptions(family);
  if (options.length === 0) return;
  printLine(io.stdout);
  const rows = options.map((option) => [
    option.name,
    acceptedValues(option.schema),
    defaultText(option.default),
    option.search === undefined ? '' : searchText(option.search),
    option.models.length < family.members.length
      ? `${option.description} (${option.models.join(', ')})`
      : option.description,
  ]);
  const header = ['option', 'accepts', 'default', 'search', 'meaning'];
  for (const line of layOut([header, ...rows], ['left', 'left', 'left', 'left', 'left']))
    printLine(io.stdout, line);
  if (family.members.every(isComplete) && problems.length > 0) {
    printLine(io.stdout);
    const start = learnsByActing(family) ? 'heddle learn ENV' : 'heddle train DATA --target COL';
    printLine(io.stdout, `${start} --model ${family.name} --set ${options[0]!.name}=…`);
  }
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
