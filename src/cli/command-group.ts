import { OptionError, suggestion } from '../core/errors.ts';
import type { Command } from './command.ts';

/** How a command is listed before its file is imported. */
export interface Entry {
  readonly summary: string;
  load(): Promise<Command | CommandGroup>;
}

/** A word that commands share, as `registry` in `heddle registry list`. */
export interface CommandGroup {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What help says below the commands. */
  readonly notes?: readonly string[];
  /** By their second word. */
  readonly commands: Readonly<Record<string, Entry>>;
  /** What the word does by itself, where the second word is none of the commands. */
  readonly otherwise?: () => Promise<Command>;
}

export interface FoundCommand {
  readonly found: Command | CommandGroup;
  /** The arguments after its name. */
  readonly rest: readonly string[];
}

/**
 * The command, or group of commands, that arguments name; a group is the answer where nothing or a flag follows its name.
 * @throws OptionError `command/unknown`, with the nearest
 */
export async function findCommand(
  entries: Readonly<Record<string, Entry>>,
  [name = '', ...rest]: readonly string[],
  group?: string,
): Promise<FoundCommand> {
  if (!Object.hasOwn(entries, name)) throw unknownCommand(name, Object.keys(entries), group);
  const found = await entries[name]!.load();
  if (isGroup(found) && found.otherwise !== undefined && !Object.hasOwn(found.commands, rest[0] ?? ''))
    return { found: await found.otherwise(), rest };
  if (!isGroup(found) || rest.length === 0 || rest[0]!.startsWith('-')) return { found, rest };
  return findCommand(found.commands, rest, found.name);
}

export function isGroup(found: Command | CommandGroup): found is CommandGroup {
  return 'commands' in found;
}

export function unknownCommand(
  name: string,
  known: readonly string[],
  group: string | undefined,
): OptionError {
  const before = group === undefined ? 'the command' : `the command after '${group}'`;
  const command = `'${group === undefined ? '' : `${group} `}${name}'`;
  const what = name.startsWith('-') ? `no flag '${name}' before ${before}` : `no command ${command}`;
  const all = group === undefined ? [...known, 'help'] : known;
  return new OptionError(
    'command/unknown',
    `There is ${what}.${suggestion(name, known)} Commands: ${all.join(', ')}.`,
    { command: name },
  );
}
