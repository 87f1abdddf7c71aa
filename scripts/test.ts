/**
 * `npm test [PATH…]`: runs every test, or those in the given files and folders. `--watch` and other options of
 * `node --test` are passed on.
 */
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { root } from './setup.js';

const folders = ['src', 'testing', 'scripts', 'examples', 'bench'];

const given = process.argv.slice(2);
const flags = given.filter((argument) => argument.startsWith('--'));
const paths = given.filter((argument) => !argument.startsWith('--'));
const files = (paths.length === 0 ? folders : paths).flatMap(testFiles);
if (files.length === 0) {
  process.stderr.write(`heddle: no tests in ${paths.join(', ') || folders.join(', ')}\n`);
  process.exit(1);
}

const watching = flags.includes('--watch');
// Test files that start workers of their own use more than one core: never more processes than cores.
const processes = Math.min(availableParallelism(), 8);
// A test that hangs fails, rather than the whole run.
const timeoutMs = 300_000;
const { status } = spawnSync(
  process.execPath,
  // A watch must see new files, so it gets patterns.
  [
    ...['--test', `--test-concurrency=${processes}`, `--test-timeout=${timeoutMs}`],
    ...[...flags, ...(watching ? patterns() : files)],
  ],
  // Compiled code kept between processes takes a third off the whole run.
  { cwd: root, stdio: 'inherit', env: { NODE_COMPILE_CACHE: `${root}/.tmp/compile-cache`, ...process.env } },
);
process.exit(status ?? 1);

function testFiles(path: string): string[] {
  const stats = statSync(`${root}/${path}`, { throwIfNoEntry: false });
  if (stats?.isFile()) return [path];
  return globSync(`${path}/**/*.test.ts`, { cwd: root }).sort();
}

function patterns(): string[] {
  return (paths.length === 0 ? folders : paths).map((path) =>
    path.endsWith('.ts') ? path : `${path}/**/*.test.ts`,
  );
}
