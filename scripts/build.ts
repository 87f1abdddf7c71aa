/**
 * `npm run build`: compiles the published package to `dist/` (JavaScript and type declarations) with every file that the
 * sources read beside themselves. The result replaces `dist/` as a whole, and only when it compiles.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './setup.js';

const stage = join(root, '.tmp', `dist-${process.pid}`);
rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });

const tsc = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', stage],
  { cwd: root, stdio: 'inherit' },
);
if (tsc.status !== 0) {
  rmSync(stage, { recursive: true, force: true });
  process.exit(tsc.status ?? 1);
}

const assets = globSync('{src,testing}/**/*.{wasm,json,html,css,svg,js}', {
  cwd: root,
  exclude: ['src/kernels/assembly/**', '**/fixtures/**'],
});
for (const asset of assets) {
  mkdirSync(join(stage, dirname(asset)), { recursive: true });
  copyFileSync(join(root, asset), join(stage, asset));
}

const dist = join(root, 'dist');
const former = join(root, '.tmp', `dist-${process.pid}-former`);
try {
  renameSync(dist, former);
} catch {
  // There was no earlier build.
}
renameSync(stage, dist);
rmSync(former, { recursive: true, force: true });
