import { OptionError } from '../../core/errors.ts';
import type { AutoTrainOptions } from '../../select/auto/auto-options.ts';
import type { TrainTableOptions } from '../../select/train-options.ts';
import { type FlagValues, list, number, onOff, text, texts } from '../flags.ts';
import { joinWords } from '../layout.ts';
import { readFlags } from '../read-table.ts';
import { registerFlags } from '../registry/register-trained.ts';
import { settings } from '../settings.ts';

export const trainFlags = {
  target: text('COL', 'The column to predict (required)'),
  features: list('COL,…', 'The columns to learn from; by default all others'),
  drop: list('COL,…', 'Columns to leave out'),
  categorical: list('COL,…', 'Columns of numbers that are codes of categories'),
  weight: text('COL', 'The weight of each row, in training and evaluation'),
  group: text('COL', 'Rows with the same value stay on one side of the split'),
  time: text('COL', 'Later rows by this column become the test rows'),
  model: text(
    'FAMILY',
    'The model, e.g. ridge (see `heddle models`); by default the best of those that suit',
  ),
  problem: text('KIND', 'regression or classification; by default the target decides'),
  positive: text(
    'CLASS',
    'Of two classes, the one that precision, recall, … are about; by default the second',
  ),
  set: texts('NAME=VALUE', 'An option of the named model, e.g. alpha=0.1; may be repeated'),
  metric: text('NAME', 'What decides which model is best, e.g. mae; by default r2, rocAuc or f1'),
  candidates: list('FAMILY,…', 'The models to compare; by default all that suit the problem'),
  folds: number('N', 'Folds of the comparison; 5 by default'),
  'budget-seconds': number('S', 'Seconds that the comparison may take; 60 by default, with 60 trials'),
  'budget-trials': number('N', 'Sets of options that it may try; alone, it makes the choice repeatable'),
  'budget-cost': number('MONEY', 'What its CPU time may cost, at --price-per-cpu-hour'),
  'price-per-cpu-hour': number('MONEY', 'The price of an hour of one CPU; with it the cost is told'),
  'test-size': number('SIZE', 'Test rows as a share (rounded up) or a count; 0.2 by default'),
  stratify: onOff('Keep the shares of the classes in training and test rows'),
  seed: number('N', 'Seed of the split and of the model; 42 by default'),
  out: text('FILE', 'Save the model with its preparation, e.g. model.heddle'),
  run: text('DIR', 'Save model and record of the run in a folder, for `heddle report`'),
  curve: text('FILE', 'Draw the losses of a network over its training, e.g. curve.svg'),
  checkpoint: text('FILE', 'Keep the state of a network in training; the same command goes on from there'),
  ...registerFlags,
  'no-learning-curve': onOff('Leave the learning curve out of the run, which saves its time'),
  json: onOff('Print one object for programs'),
  threads: number('N', 'Threads to use at most; results do not depend on it'),
  ...readFlags,
};

export type TrainFlags = FlagValues<typeof trainFlags>;

export type TrainRequest =
  | { readonly kind: 'auto'; readonly options: AutoTrainOptions }
  | { readonly kind: 'named'; readonly options: TrainTableOptions };

/** What the flags ask for. @throws OptionError for flags that do not go together. */
export function trainRequest(flags: TrainFlags): TrainRequest {
  if (flags.target === undefined) {
    throw new OptionError('command/missing-flag', 'train needs --target COL, the column to predict.', {
      flag: 'target',
    });
  }
  const common = {
    target: flags.target,
    features: flags.features,
    drop: flags.drop ?? [],
    categorical: flags.categorical ?? [],
    ...{ weight: flags.weight, group: flags.group, time: flags.time },
    problem: problemOf(flags.problem),
    positiveClass: flags.positive,
    testSize: flags['test-size'],
    stratify: flags.stratify,
    seed: flags.seed,
  };
  const modelOptionTexts = settings(flags.set);
  if (flags.model !== undefined && flags.model !== 'auto') {
    const choosing = choiceFlags.find((name) => flags[name] !== undefined);
    if (choosing !== undefined) {
      throw badFlag(
        choosing,
        `is for choosing a model, but --model names ${flags.model}. Leave one of them out.`,
      );
    }
    return { kind: 'named', options: { ...common, model: flags.model, modelOptionTexts } };
  }
  if (flags.checkpoint !== undefined)
    throw badFlag('checkpoint', 'keeps the training of one model: name it with --model.');
  if (flags.set.length > 0) throw badFlag('set', `sets an option of one model: name it with --model.`);
  const budget = {
    seconds: flags['budget-seconds'],
    trials: flags['budget-trials'],
    cost: flags['budget-cost'],
    pricePerCpuHour: flags['price-per-cpu-hour'],
  };
  const given = Object.fromEntries(Object.entries(budget).filter(([, value]) => value !== undefined));
  const { metric, candidates, folds } = flags;
  return {
    kind: 'auto',
    options: {
      ...common,
      ...{ metric, candidates, folds },
      ...(Object.keys(given).length > 0 && { budget: given }),
    },
  };
}

const choiceFlags = [
  ...(['metric', 'candidates', 'folds'] as const),
  ...(['budget-seconds', 'budget-trials', 'budget-cost', 'price-per-cpu-hour'] as const),
] as const;

function badFlag(flag: string, what: string): OptionError {
  return new OptionError('command/bad-flag', `--${flag} ${what}`, { flag });
}

function problemOf(given: string | undefined): 'regression' | 'classification' | undefined {
  if (given === undefined || given === 'regression' || given === 'classification') return given;
  throw badFlag(
    'problem',
    `is ${joinWords(['regression', 'classification']).replace(' and ', ' or ')}, not '${given}'.`,
  );
}

/** Flags that say where results go and what they look like: a repetition has its own. */
const notRepeated: readonly string[] = [
  ...['out', 'run', 'curve', 'checkpoint', 'json', 'threads', 'no-learning-curve'],
  ...Object.keys(registerFlags),
];

/** The command again, quoted for a POSIX shell. */
export function repeatCommand(data: string, flags: TrainFlags): string {
  const words = Object.entries(flags).flatMap(([name, value]) => {
    if (notRepeated.includes(name) || value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    if (name === 'set') return (value as readonly string[]).flatMap((setting) => ['--set', setting]);
    const word = Array.isArray(value) ? value.map(listItem).join(',') : String(value);
    // A value that begins with dashes would be taken for a flag.
    return word.startsWith('-') ? [`--${name}=${word}`] : [`--${name}`, word];
  });
  const place = data.startsWith('-') && data !== '-' ? ['--', data] : [data];
  return [
    'heddle',
    'train',
    ...(place.length === 1 ? place : []),
    ...words,
    ...(place.length === 2 ? place : []),
  ]
    .map(quote)
    .join(' ');
}

/** As lists are read: a name with a comma or quotes in double quotes. */
function listItem(name: string): string {
  return /[",]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function quote(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
