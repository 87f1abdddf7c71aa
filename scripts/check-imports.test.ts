import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { checkImports } from './check-imports.ts';

const trees: string[] = [];
after(() => {
  for (const tree of trees) rmSync(tree, { recursive: true });
});

const manifest = JSON.stringify({
  name: 'loom',
  dependencies: { zod: '1.0.0' },
  optionalDependencies: { '@scope/fast': '1.0.0' },
  devDependencies: { 'fast-check': '1.0.0' },
});

function problemsOf(files: Record<string, string>): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'heddle-imports-'));
  trees.push(tree);
  for (const [path, text] of Object.entries({ 'package.json': manifest, ...files })) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return checkImports(tree);
}

const sound = {
  'src/core/errors.ts': "import { z } from 'zod';",
  'src/core/matrix.ts': "import { DataError } from './errors.ts';\nimport 'node:fs';",
  'src/jobs/coordinator.ts': "await import('../models/registry.ts');",
  'src/math/qr.ts': "import '../core/matrix.ts';\nawait import('@scope/fast/inner.js');",
  'src/prepare/scaler/scaler.ts': "import '../../core/matrix.ts';",
  'src/models/registry.ts': "const ridge = () => import('./ridge/ridge.ts');",
  'src/models/ridge/ridge.ts': "import '../../prepare/scaler/scaler.ts';\nimport './path.ts';",
  'src/models/ridge/path.ts': "import type { R } from './ridge.ts';\nimport '../../math/qr.ts';",
  'src/models/ridge/ridge.test.ts':
    "import 'fast-check';\nimport '../registry.ts';\nimport '../../cli/main.ts';",
  'src/cli/main.ts': "import '../models/registry.ts';\nimport '../core/errors.ts';",
  'src/index.ts': "export * from './models/ridge/ridge.ts';",
  'testing/index.ts': "import '../src/index.ts';",
  'examples/one.ts': "import '../src/index.ts';\nimport 'loom';",
};

test('a tree that keeps the rules has no problems', () => {
  assert.deepEqual(problemsOf(sound), []);
});

const violations: [string, Record<string, string>, RegExp[]][] = [
  [
    'an import upwards',
    { 'src/core/up.ts': "\nimport '../math/qr.ts';" },
    [/^src\/core\/up\.ts:2: must not import src\/math\/qr\.ts: core is below math$/],
  ],
  [
    'a type taken from above',
    { 'src/core/up.ts': "import type { Q } from '../math/qr.ts';" },
    [/core is below math/],
  ],
  ['a lazy import upwards', { 'src/core/up.ts': "await import('../math/qr.ts');" }, [/core is below math/]],
  [
    'an import across',
    { 'src/math/across.ts': "import '../jobs/coordinator.ts';" },
    [/math and jobs stand side by side/],
  ],
  [
    'a model that imports its sibling',
    { 'src/models/lasso/lasso.ts': "import '../ridge/path.ts';" },
    [/models\/lasso and models\/ridge are siblings/],
  ],
  [
    'a model that reads the registry',
    { 'src/models/lasso/lasso.ts': "import '../registry.ts';" },
    [/only select, store, serve, cli, testing/],
  ],
  [
    'an import of src/index.ts from inside',
    { 'src/cli/help.ts': "import '../index.ts';" },
    [/gathers everything/],
  ],
  [
    'an import that leaves the published package',
    { 'src/cli/help.ts': "import '../../scripts/tool.ts';", 'scripts/tool.ts': '' },
    [/src\/ is published by itself/],
  ],
  ['a folder without rank', { 'src/misc/a.ts': "import '../core/errors.ts';" }, [/src\/misc has no rank/]],
  [
    'a source that imports a test fixture',
    { 'src/core/a.ts': "import './b.fixture.ts';", 'src/core/b.fixture.ts': '' },
    [/only tests import tests/],
  ],
  [
    'a file that is not there',
    { 'src/core/a.ts': "import './b';", 'src/core/b.ts': '' },
    [/'\.\/b' does not exist \(write the extension/],
  ],
  [
    'a development package in a source',
    { 'src/core/a.ts': "import 'fast-check';" },
    [/'fast-check' is not a dependency/],
  ],
  [
    'an undeclared package',
    { 'scripts/a.ts': "import 'left/right.js';" },
    [/'left' is not in package\.json/],
  ],
  [
    'a built-in module without its prefix',
    { 'scripts/a.ts': "import 'fs/promises';" },
    [/write 'node:fs\/promises'/],
  ],
  [
    'a cycle, told once',
    {
      'src/core/a.ts': "import './b.ts';",
      'src/core/b.ts': "export * from './c.ts';\nimport './errors.ts';",
      'src/core/c.ts': "import { a } from './a.ts';",
    },
    [
      /^src\/core\/a\.ts:1: imports itself: src\/core\/a\.ts → src\/core\/b\.ts → src\/core\/c\.ts → src\/core\/a\.ts$/,
    ],
  ],
  [
    'a file that imports itself',
    { 'src/core/a.ts': "import './a.ts';" },
    [/src\/core\/a\.ts → src\/core\/a\.ts/],
  ],
];

for (const [name, files, expected] of violations) {
  test(`${name} is a problem`, () => {
    const problems = problemsOf({ ...sound, ...files });
    assert.equal(problems.length, expected.length, problems.join('\n'));
    expected.forEach((pattern, index) => {
      assert.match(problems[index]!, pattern);
    });
  });
}
