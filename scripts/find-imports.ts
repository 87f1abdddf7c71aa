/** One import of a source file. */
export interface Import {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** `static` and `dynamic` load the module when the program runs, `type` leaves no trace in it. */
  readonly kind: 'static' | 'dynamic' | 'type';
  /** Counted from 1. */
  readonly line: number;
}

// A quoted string in masked code: the quote and the number of the string.
const quoted = "'(\\d+)'";
const forms: readonly (readonly [Import['kind'] | 'declaration', RegExp])[] = [
  // import … from 'x', export … from 'x'; clauses hold names, braces, commas, `*` and `as`.
  [
    'declaration',
    new RegExp(
      `\\b(?:import|export)\\b(\\s+type\\b(?!\\s+from\\b))?[\\w\\s{},*$]*?\\bfrom\\s*${quoted}`,
      'g',
    ),
  ],
  ['static', new RegExp(`\\bimport\\s*()${quoted}`, 'g')],
  // typeof import('x') is a type.
  ['dynamic', new RegExp(`(\\btypeof\\s+)?\\bimport\\s*\\(\\s*${quoted}`, 'g')],
];

/** Every import and re-export of TypeScript or JavaScript `source`, in order. Comments, strings and templates do not count. */
export function findImports(source: string): Import[] {
  const { code, strings } = maskText(source);
  const found: (Import & { readonly at: number })[] = [];
  for (const [form, pattern] of forms) {
    for (const match of code.matchAll(pattern)) {
      const specifier = strings[Number(match[2])]!;
      const isType = match[1] !== undefined && match[1] !== '';
      const kind = isType ? 'type' : form === 'declaration' ? 'static' : form;
      found.push({ specifier, kind, line: lineAt(code, match.index), at: match.index });
    }
  }
  return found.sort((a, b) => a.at - b.at).map(({ specifier, kind, line }) => ({ specifier, kind, line }));
}

function lineAt(code: string, index: number): number {
  return code.slice(0, index).split('\n').length;
}

/**
 * The code without what is not code: comments, template text and regular expressions become nothing, the n-th string
 * becomes 'n'. Line breaks stay.
 */
function maskText(source: string): { code: string; strings: string[] } {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|[\w$]+|[\s\S]/uy;
  const strings: string[] = [];
  let code = '';
  // For each open `${`, how many braces are open inside it.
  const templates: number[] = [];
  let position = 0;

  const skipTemplate = (): void => {
    for (; position < source.length; position++) {
      const character = source[position];
      if (character === '\\') position++;
      else if (character === '`') {
        position++;
        return;
      } else if (character === '$' && source[position + 1] === '{') {
        position += 2;
        templates.push(0);
        return;
      } else if (character === '\n') code += '\n';
    }
  };

  while (position < source.length) {
    token.lastIndex = position;
    let text = token.exec(source)![0];
    // A slash after a value divides.
    if (text.length > 1 && text[0] === '/' && text[1] !== '/' && text[1] !== '*' && endsInValue(code))
      text = '/';
    position += text.length;
    if (text === '`') skipTemplate();
    else if (text === '{' && templates.length > 0) {
      templates[templates.length - 1]!++;
      code += text;
    } else if (text === '}' && templates.length > 0) {
      if (templates[templates.length - 1]! > 0) {
        templates[templates.length - 1]!--;
        code += text;
      } else {
        templates.pop();
        skipTemplate();
      }
    } else if (text.length > 1 && (text[0] === "'" || text[0] === '"')) {
      code += `'${strings.length}'`;
      strings.push(text.slice(1, -1));
    } else if (text.length > 1 && text[0] === '/')
      code += text[1] === '/' || text[1] === '*' ? breaks(text) || ' ' : '0';
    else code += text;
  }
  return { code, strings };
}

function breaks(text: string): string {
  return text.replace(/[^\n]/g, '');
}

/** Whether a slash after `code` divides, rather than opening a regular expression. */
function endsInValue(code: string): boolean {
  const before = code.trimEnd().slice(-12);
  return (
    /[\w$)\]'}]$/.test(before) &&
    !/\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield)$/.test(before)
  );
}
