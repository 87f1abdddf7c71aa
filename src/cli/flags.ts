import { parseArgs } from 'node:util';
import { OptionError, suggestion } from '../core/errors.ts';

/** One flag: what it takes and what help says. */
export interface Flag<K extends FlagKind = FlagKind> {
  readonly kind: K;
  /** Placeholder of the value in help; none for a switch. */
  readonly value?: string;
  readonly help: string;
}

/** `list`: comma-separated, may be repeated; `texts`: one value each time it is given. */
export type FlagKind = 'switch' | 'text' | 'number' | 'list' | 'texts';
export type Flags = Readonly<Record<string, Flag>>;

interface KindValues {
  switch: boolean;
  text: string | undefined;
  number: number | undefined;
  list: readonly string[] | undefined;
  texts: readonly string[];
}

export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: KindValues[F[Name]['kind']];
};

export const onOff = (help: string): Flag<'switch'> => ({ kind: 'switch', help });
export const text = (value: string, help: string): Flag<'text'> => ({ kind: 'text', value, help });
export const number = (value: string, help: string): Flag<'number'> => ({ kind: 'number', value, help });
export const list = (value: string, help: string): Flag<'list'> => ({ kind: 'list', value, help });
export const texts = (value: string, help: string): Flag<'texts'> => ({ kind: 'texts', value, help });

export interface ParsedArguments<F extends Flags> {
  readonly parameters: readonly string[];
  readonly flags: FlagValues<F>;
}

/**
 * Splits arguments into positional parameters and the values of `flags`; `--` ends the flags.
 * @throws OptionError for an unknown flag (with the nearest known one), a missing or unfit value, a flag given twice.
 */
export function parseFlags<F extends Flags>(argv: readonly string[], flags: F): ParsedArguments<F> {
  const takesValue = (name: string) => Object.hasOwn(flags, name) && flags[name]!.kind !== 'switch';
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.keys(flags).map((name) => [name, { type: takesValue(name) ? 'string' : 'boolean' } as const]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const parameters: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') parameters.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(flags, name)) throw unknownFlag(rawName, Object.keys(flags));
    if (takesValue(name)) {
      // `--target --json` forgot the value; one that begins with dashes is given as `--target=--json`.
      if (value === undefined || (!inlineValue && value.startsWith('--'))) {
        throw flagError(rawName, `needs a value: ${rawName} ${flags[name]!.value}`);
      }
    } else if (value !== undefined) throw flagError(rawName, `takes no value, but got '${value}'`);
    given.set(name, [...(given.get(name) ?? []), value ?? '']);
  }
  const values = Object.entries(flags).map(([name, flag]) => [name, flagValue(name, flag, given.get(name))]);
  return { parameters, flags: Object.fromEntries(values) as FlagValues<F> };
}

function flagValue(name: string, { kind }: Flag, given: readonly string[] | undefined): unknown {
  if (kind === 'texts') return given ?? [];
  if (kind === 'list') return given?.flatMap(splitList);
  if (kind === 'switch') return given !== undefined;
  if (given === undefined) return undefined;
  if (given.length > 1) throw flagError(`--${name}`, 'is given twice; give it once');
  if (kind === 'text') return given[0];
  const value = Number(given[0]);
  if (given[0]!.trim() === '' || !Number.isFinite(value)) {
    throw flagError(`--${name}`, `takes a number, but got '${given[0]}'`);
  }
  return value;
}

/** Names between commas; a name with a comma in it is written in double quotes, as in CSV. */
function splitList(given: string): string[] {
  const parts = given.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return parts
    .map((part) => part.replace(/^,/, '').trim())
    .map((part) => (/^".*"$/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part))
    .filter((part) => part !== '');
}

function unknownFlag(flag: string, names: readonly string[]): OptionError {
  const near = suggestion(
    flag,
    names.map((name) => `--${name}`),
  );
  return new OptionError('command/unknown-flag', `There is no flag '${flag}'.${near}`, { flag });
}

function flagError(flag: string, what: string): OptionError {
  return new OptionError('command/bad-flag', `${flag} ${what}.`, { flag });
}
