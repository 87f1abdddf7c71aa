import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pinnedNode, root } from './setup.js';

/**
 * The package as a user gets it: packed, installed by npm into an empty project. Its dependencies stand in as links to
 * the repository's, so that nothing is downloaded; heddle itself is a true copy, so every file it needs is in the package.
 */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-pack-')));
after(() => rmSync(project, { recursive: true, force: true }));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
// What a TypeScript project on Node has besides heddle.
const types = '@types/node';

const env = { ...process.env, PATH: `${dirname(pinnedNode)}${delimiter}${process.env.PATH}` };
// The test runner speaks to its children through this; grandchildren must not answer.
delete (env as NodeJS.ProcessEnv).NODE_TEST_CONTEXT;

function run(command: string, parameters: string[], cwd = project): string {
  try {
    return execFileSync(command, parameters, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${parameters.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

before(() => {
  run('npm', ['pack', '--silent', '--pack-destination', project], root);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'));
  const standIns: Record<string, string> = {};
  for (const name of [...dependencies, types]) {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
    write(`stand-ins/${name}/package.json`, JSON.stringify({ name, version }));
    standIns[name] = `file:stand-ins/${name}`;
  }
  const consumer = { name: 'consumer', private: true, type: 'module' };
  write(
    'package.json',
    JSON.stringify({ ...consumer, dependencies: { heddle: `file:${tarball}`, ...standIns } }),
  );
  run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  for (const name of [...dependencies, types]) {
    rmSync(join(project, 'node_modules', name), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
});

test('the package holds compiled files only: no sources, tests or fixtures', () => {
  const files = readdirSync(join(project, 'node_modules/heddle'), { recursive: true, encoding: 'utf8' });
  assert.ok(files.includes('dist/src/index.js') && files.includes('dist/src/kernels/kernels.wasm'));
  assert.ok(['README.md', 'LICENSE', 'CHANGELOG.md', 'bin/heddle.js'].every((file) => files.includes(file)));
  const stray = files.filter((file) => /(?<!\.d)\.ts$|\.(?:test|fixture)\.|\.tgz$|^src\b/.test(file));
  assert.deepEqual(stray, []);
});

test('a strict TypeScript project without the DOM type-checks against the published types', () => {
  write(
    'check/use.ts',
    `import { linearRegression } from 'heddle';
import * as testing from 'heddle/testing';
const specification = linearRegression({ fitIntercept: true });
const model = await specification.fit([[1], [2], [3]], [2, 4, 6]);
export const predictions: ArrayLike<number> = await model.predict([[4]]);
// @ts-expect-error predicting before fitting does not compile
specification.predict([[4]]);
// @ts-expect-error options are checked
linearRegression({ fitIntercpet: true });
export default testing;
`,
  );
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
  };
  // heddle's own declarations are checked too; those of other packages are their business.
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: false }, include: ['check'] }),
  );
  run(pinnedNode, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
});

test('a script imports the library, fits and predicts', () => {
  write(
    'use.mjs',
    `import { linearRegression } from 'heddle';
import 'heddle/testing';
const model = await linearRegression().fit([[1], [2], [4]], [3, 5, 9]);
console.log((await model.predict([[3]]))[0].toFixed(6));
`,
  );
  assert.equal(run(pinnedNode, ['use.mjs']), '7.000000\n');
});

test('the command lists the models', () => {
  const models = JSON.parse(run(join('node_modules', '.bin', 'heddle'), ['models', '--json']));
  assert.match(JSON.stringify(models), /linear-regression/);
});
