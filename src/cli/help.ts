import type { Command } from './command.ts';
import type { CommandGroup } from './command-group.ts';
import { layOut } from './layout.ts';

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, parameters, summary, flags, notes = [], examples } = command;
  const rows = Object.entries(flags).map(([flag, { value, help }]) => [
    `--${flag}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  return [
    summary,
    '',
    `Usage: heddle ${[name, ...parameters].join(' ')}${rows.length === 0 ? '' : ' [flags]'}`,
    ...(rows.length === 0 ? [] : ['', 'Flags:', ...layOut(rows, ['left', 'left'], '  ')]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...(examples.length === 0 ? [] : ['', 'Examples:', ...examples.map((example) => `  ${example}`)]),
    '',
  ].join('\n');
}

/** The help of a group: its commands. */
export function groupHelp({ name, summary, notes = [], commands }: CommandGroup): string {
  const rows = Object.entries(commands).map(([command, entry]) => [command, entry.summary]);
  return [
    summary,
    '',
    `Usage: heddle ${name} COMMAND [arguments] [flags]`,
    '',
    'Commands:',
    ...layOut(rows, ['left', 'left'], '  '),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    `\`heddle help ${name} COMMAND\` tells what it takes.`,
    '',
  ].join('\n');
}

/** The help of the program: its commands. */
export function programHelp(commands: readonly (readonly [name: string, summary: string])[]): string {
  return [
    'heddle: the machine-learning loop on tables. Read, prepare, split, train, evaluate, save, predict.',
    '',
    'Usage: heddle COMMAND [arguments] [flags]',
    '',
    'Commands:',
    ...layOut(commands, ['left', 'left'], '  '),
    '',
    '`heddle help COMMAND` tells what it takes. `--json` prints one object for programs. HEDDLE_DEBUG=1 adds stack traces.',
    '',
  ].join('\n');
}
