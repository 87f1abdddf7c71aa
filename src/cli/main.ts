import { HeddleError, OptionError } from '../core/errors.ts';
import { heddleVersion } from '../core/version.ts';
import type { Command } from './command.ts';
import { type CommandGroup, type Entry, findCommand, isGroup, unknownCommand } from './command-group.ts';
import { parseFlags } from './flags.ts';
import { hintFor } from './hints.ts';
import { type Io, printLine } from './io.ts';

/** Every command by name; its file is imported when it is called. */
const commands: Readonly<Record<string, Entry>> = {
  train: {
    summary: 'Train a model on a table, evaluate it on rows it never saw, save it.',
    load: async () => (await import('./train.ts')).train as unknown as Command,
  },
  predict: {
    summary: 'Predict the rows of a table with a saved model.',
    load: async () => (await import('./predict.ts')).predict as unknown as Command,
  },
  evaluate: {
    summary: 'Compare a saved model with the truth in a table.',
    load: async () => (await import('./evaluate.ts')).evaluate as unknown as Command,
  },
  report: {
    summary: 'Write a run as one page: figures, curves, importances, leaderboard, data.',
    load: async () => (await import('./report.ts')).report as unknown as Command,
  },
  export: {
    summary: 'Write a saved model as one ONNX graph.',
    load: async () => (await import('./export.ts')).exportModel as unknown as Command,
  },
  retrain: {
    summary: 'Train a challenger on old and new rows, promote it if it is better.',
    load: async () => (await import('./retrain.ts')).retrain as unknown as Command,
  },
  registry: {
    summary: 'Keep models by name and version, with aliases such as champion.',
    load: async () => (await import('./registry.ts')).registry,
  },
  serve: {
    summary: 'Answer requests over HTTP with a model of a file or a registry.',
    load: async () => (await import('./serve.ts')).serve,
  },
  monitor: {
    summary: 'Compare what a model predicts with what it was trained on; alarm when that changed.',
    load: async () => (await import('./monitor.ts')).monitor as unknown as Command,
  },
  feedback: {
    summary: 'Add right answers to logged predictions.',
    load: async () => (await import('./feedback.ts')).feedback as unknown as Command,
  },
  cluster: {
    summary: 'Group the rows of a table that are alike, tell what sets each group apart.',
    load: async () => (await import('./cluster.ts')).cluster as unknown as Command,
  },
  reduce: {
    summary: 'Write the rows of a table in a few columns that keep most of what they say.',
    load: async () => (await import('./reduce.ts')).reduce as unknown as Command,
  },
  learn: {
    summary: 'Learn to act in an environment, evaluate the policy, save it.',
    load: async () => (await import('./learn.ts')).learn as unknown as Command,
  },
  play: {
    summary: 'Let a learned policy act; print or draw what it does.',
    load: async () => (await import('./play.ts')).play as unknown as Command,
  },
  models: {
    summary: 'List the models, or the options of one.',
    load: async () => (await import('./models.ts')).models as unknown as Command,
  },
  profile: {
    summary: 'Show the columns of a table at a glance: types, missing values, distributions.',
    load: async () => (await import('./profile.ts')).profile as unknown as Command,
  },
};

const INTERRUPTED = 130;

/** The program: runs a command on the process's own streams. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const controller = new AbortController();
  // The first interrupt stops the work in order, the second ends the process at once.
  process.once('SIGINT', () => controller.abort());
  // A reader such as `head` that has seen enough closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return run(argv, { stdout: process.stdout, stderr: process.stderr, signal: controller.signal });
}

/**
 * Runs a command. Results go to `io.stdout`; a failure is one line on `io.stderr`, with the stack when `HEDDLE_DEBUG` is set.
 * @returns the exit code: 0 or what the command says, 1 for bad input or use, 130 when `io.signal` stopped the work.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (io.signal?.aborted) {
      printLine(io.stderr, 'heddle: stopped.');
      return INTERRUPTED;
    }
    printLine(io.stderr, `heddle: ${oneLine(describe(error))}`);
    if (process.env.HEDDLE_DEBUG && error instanceof Error) printLine(io.stderr, error.stack);
    return 1;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v' || name === '-V' || name === 'version') {
    printLine(io.stdout, heddleVersion());
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.stdout.write(await helpText(name === undefined ? [] : rest));
    return 0;
  }
  const { found, rest: given } = await findCommand(commands, argv);
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const wantsHelp = given.slice(0, end).some((argument) => argument === '--help' || argument === '-h');
  if (wantsHelp || (isGroup(found) && given.length === 0)) {
    io.stdout.write(await helpOf(found));
    return 0;
  }
  if (isGroup(found)) throw unknownCommand(given[0]!, Object.keys(found.commands), found.name);
  const { parameters, flags } = parseFlags(given, found.flags);
  checkParameters(found, parameters);
  const code = await found.run(parameters, flags, io);
  return typeof code === 'number' ? code : 0;
}

function checkParameters({ name, parameters }: Command, given: readonly string[]): void {
  const needed = parameters.filter((parameter) => !parameter.startsWith('['));
  const usage = `Usage: heddle ${[name, ...parameters].join(' ')} [flags]; heddle help ${name} tells more.`;
  if (given.length < needed.length) {
    throw new OptionError('command/missing-parameter', `${name} needs ${needed[given.length]}. ${usage}`);
  }
  if (given.length > parameters.length) {
    throw new OptionError(
      'command/extra-parameter',
      `${name} has no use for '${given[parameters.length]}'. ${usage}`,
    );
  }
}

async function helpText(words: readonly string[]): Promise<string> {
  if (words.length > 0) return helpOf((await findCommand(commands, words)).found);
  const { programHelp } = await import('./help.ts');
  return programHelp([
    ...Object.entries(commands).map(([command, { summary }]) => [command, summary] as const),
    ['help', 'Tell what a command takes.'],
  ]);
}

async function helpOf(found: Command | CommandGroup): Promise<string> {
  const { commandHelp, groupHelp } = await import('./help.ts');
  return isGroup(found) ? groupHelp(found) : commandHelp(found);
}

function describe(error: unknown): string {
  if (error instanceof HeddleError) return error.message + hintFor(error);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${message} (unexpected; run again with HEDDLE_DEBUG=1 and report what it prints)`;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, ' ');
}
