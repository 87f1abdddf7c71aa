// @ts-check
// Makes a clone ready to run: dependencies as locked, the pinned Node, kernels built. Plain JavaScript for any Node ≥ 18,
// because it runs before the pinned Node is there. Does nothing, in a few milliseconds, when all is in place. Writes to
// standard error only, so that `heddle … --json` stays clean.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelsAreFresh } from './kernel-sources.js';

const windows = process.platform === 'win32';

/** The repository's directory. */
export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** The executable of the Node that the repository pins (npm package `node`). */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/**
 * Installs and builds what is missing or out of date.
 * @throws Error saying which step failed and what to do.
 */
export function setup() {
  if (!isInstalled(root)) install();
  if (!kernelsAreFresh(root)) {
    process.stderr.write('heddle: building kernels\n');
    run(
      pinnedNode,
      [join(root, 'scripts', 'build-kernels.ts')],
      'The kernels do not compile; see the message above.',
    );
  }
}

/**
 * Whether `node_modules` holds what `package-lock.json` asks for, by npm's own record of what it installed.
 * Packages that are optional or for other platforms may be absent, but not of another version.
 * @param {string} directory Where `package-lock.json` and `node_modules` are.
 * @returns {boolean}
 */
export function isInstalled(directory) {
  const executable = join(directory, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
  const record = join(directory, 'node_modules', '.package-lock.json');
  if (!existsSync(executable) || !existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    if (present[path] === undefined) return entry.optional === true || entry.devOptional === true;
    return present[path].version === entry.version;
  });
}

function install() {
  process.stderr.write('heddle: installing dependencies (once; about a minute)\n');
  // The pinned Node is removed and put back by this step, so npm must not run on it.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !resolve(entry).startsWith(join(root, 'node_modules')))
    .join(delimiter);
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'],
    'npm ci failed. It needs the npm registry once; see the message above.',
    { ...process.env, PATH: path },
  );
  if (!existsSync(pinnedNode)) {
    throw new Error(
      "npm did not run the install script of the package 'node'. Allow it (npm config get ignore-scripts) and run `npm rebuild node`.",
    );
  }
}

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {string} hint What to tell when it fails.
 * @param {NodeJS.ProcessEnv} env
 */
function run(command, parameters, hint, env = process.env) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: root,
    env,
    shell: windows && command === 'npm',
    stdio: ['ignore', 2, 2],
  });
  if (error) throw new Error(`${hint} (${error.message})`);
  if (status !== 0) throw new Error(hint);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`heddle: ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}
