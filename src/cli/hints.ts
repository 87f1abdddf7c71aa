import type { HeddleError } from '../core/errors.ts';

/** What the flags of the command can do about an error of the library, by its code; begins with a space. */
export function hintFor({ code, details }: HeddleError): string {
  switch (code) {
    case 'data/text-among-numbers':
      return ` Flags: --missing ${shellWord(details.cell)}, --categorical ${shellWord(details.column)}, --drop ${shellWord(details.column)}.`;
    case 'data/decimal-mark':
      return " The flag is --decimal ','.";
    case 'data/thousands-mark':
      return " The flag is --thousands ','.";
    case 'data/no-features':
      return ' The flag is --features.';
    case 'file/encoding':
      return ' The flag is --encoding.';
    case 'serve/no-keys':
      return ' The flags are --keys FILE and --no-auth.';
    default:
      return '';
  }
}

function shellWord(value: unknown): string {
  const text = String(value);
  return /^[\p{Letter}\p{Number}_.-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
