// @ts-check
// `npm start`: runs the examples on the pinned Node. `npm start -- ames` picks by name; what follows goes to the example.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root } from './setup.js';

const main = ['house-price', 'ames'];
const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && existsSync(fileOf(first));
const names = named ? [first] : main;
const parameters = named ? rest : process.argv.slice(2);

for (const name of names) {
  const { status, signal, error } = spawnSync(pinnedNode, [fileOf(name), ...parameters], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string} name */
function fileOf(name) {
  return join(root, 'examples', `${name}.ts`);
}
