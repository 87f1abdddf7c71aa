import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findImports } from './find-imports.ts';

test('every form of import is found with its kind and line', () => {
  const source = `import a, { type B, c as d } from './a.ts';
import type { E } from './e.ts';
import type F from "./f.ts";
import * as g from './g.ts';
import './h.ts';
export * from './i.ts';
export type { J } from './j.ts';
export {
  k,
} from './k.ts';
const l = await import('./l.ts');
type M = typeof import('./m.ts');
import type from './n.ts';
`;
  assert.deepEqual(
    findImports(source).map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`),
    [
      '1 static ./a.ts',
      '2 type ./e.ts',
      '3 type ./f.ts',
      '4 static ./g.ts',
      '5 static ./h.ts',
      '6 static ./i.ts',
      '7 type ./j.ts',
      '8 static ./k.ts',
      '11 dynamic ./l.ts',
      '12 type ./m.ts',
      '13 static ./n.ts',
    ],
  );
});

test('text that only looks like an import is not one', () => {
  const source = [
    "// import a from './a.ts'",
    "/* export * from './b.ts'",
    "import('./c.ts') */",
    'const text = "import d from \'./d.ts\'";',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code.
    "const page = `import e from './e.ts' ${f(`export * from './f.ts'`)} import('./g.ts')`;",
    "const pattern = /import 'h'|[/'`]/;",
    "const ratio = a / b; const more = c / import_('x');",
    'export const from = 1;',
    "const url = new URL('./worker.ts', import.meta.url);",
  ].join('\n');
  assert.deepEqual(findImports(source), []);
});

test('code inside a template and after it counts', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source code.
  const source = "const a = `x ${(await import('./a.ts')).b({ c: `}` })} y`;\nimport './d.ts';";
  assert.deepEqual(
    findImports(source).map(({ specifier }) => specifier),
    ['./a.ts', './d.ts'],
  );
});
