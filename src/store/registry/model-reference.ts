import { OptionError } from '../../core/errors.ts';

/** Longest name, alias or key of a tag, in characters. */
export const NAME_CHARACTERS = 100;

// Letters and digits of any script first, so that a name is never a flag, a hidden file, `..` or a formula of a spreadsheet.
const pattern = new RegExp(
  String.raw`^[\p{Letter}\p{Number}][\p{Letter}\p{Number}\p{Mark}._-]{0,${NAME_CHARACTERS - 1}}$`,
  'u',
);

/** What a name is for, as messages say it. */
export type NameUse = 'name of a model' | 'alias' | 'key of a tag';

/** A name in its composed form (NFC), so that the same letters are the same name. @throws OptionError `registry/bad-name` */
export function checkName(text: string, use: NameUse): string {
  const name = typeof text === 'string' ? text.normalize('NFC') : '';
  if (pattern.test(name)) return name;
  throw new OptionError(
    'registry/bad-name',
    `${shown(text)} cannot be the ${use}: it begins with a letter or digit and has only those, '.', '_' and '-', at most ${NAME_CHARACTERS} ` +
      'of them.',
    { name: shown(text) },
  );
}

/** The alias that every name has by itself: its newest version. */
export const LATEST = 'latest';

/** An alias that can be set. @throws OptionError `registry/bad-name` */
export function checkAlias(text: string): string {
  const alias = checkName(text, 'alias');
  if (alias !== LATEST && !/^\d+$/.test(alias)) return alias;
  const why =
    alias === LATEST
      ? `'${LATEST}' is always the newest version and cannot be set`
      : `'${alias}' would be taken for the version of that number`;
  throw new OptionError('registry/bad-name', `${why}. Choose another alias, e.g. champion.`, { name: alias });
}

/** A reference taken apart; neither alias nor version: the bare name. */
export interface ParsedReference {
  readonly name: string;
  readonly alias?: string;
  readonly version?: number;
}

/** @throws OptionError `registry/bad-reference` */
export function parseReference(reference: string): ParsedReference {
  const [name = '', what, ...more] = String(reference).split('@');
  if (more.length > 0 || what === '') {
    throw new OptionError(
      'registry/bad-reference',
      `${shown(reference)} is no reference to a model. It looks like house, house@champion or house@3.`,
      { reference: shown(reference) },
    );
  }
  const model = checkName(name, 'name of a model');
  if (what === undefined) return { name: model };
  if (!/^\d+$/.test(what)) return { name: model, alias: checkName(what, 'alias') };
  const version = Number(what);
  return { name: model, version: Number.isSafeInteger(version) ? version : 0 };
}

/** A text that may be anything, as part of a message. */
function shown(text: unknown): string {
  const line = String(text).replace(/\p{Control}/gu, '�');
  return `'${line.length > 120 ? `${line.slice(0, 120)}…` : line}'`;
}
