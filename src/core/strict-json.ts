/**
 * JSON from files that may be damaged or hostile: `JSON.parse` with what it lets through refused, keys given twice
 * (the last one would win in silence) and nesting deeper than `maxDepth` (a trap for every recursive reader after it).
 * A key `__proto__` is an ordinary own property, as in `JSON.parse`.
 * @throws SyntaxError saying what is wrong.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  checkNestingAndKeys(text, maxDepth);
  return JSON.parse(text);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Follows brackets and strings only; any other fault of syntax is left to `JSON.parse`. */
function checkNestingAndKeys(text: string, maxDepth: number): void {
  /** One entry per open bracket: the keys of an object so far, or `null` for an array. */
  const open: (Set<string> | null)[] = [];
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE: {
        const end = closingQuote(text, i);
        const keys = open.at(-1);
        if (keys && isBeforeColon(text, end + 1)) {
          // Escapes can spell one key in several ways, so the decoded keys are compared.
          const key = JSON.parse(text.slice(i, end + 1)) as string;
          if (keys.has(key))
            throw new SyntaxError(`The key ${JSON.stringify(key)} appears twice in one JSON object`);
          keys.add(key);
        }
        i = end;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (open.length === maxDepth)
          throw new SyntaxError(`The JSON is nested more than ${maxDepth} levels deep`);
        open.push(text.charCodeAt(i) === OPEN_BRACE ? new Set() : null);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop();
    }
  }
}

function closingQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i++;
  }
  throw new SyntaxError('The JSON ends inside a string');
}

function isBeforeColon(text: string, from: number): boolean {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++;
  return text.charCodeAt(i) === COLON;
}
