/** `npm run check`: everything that must hold before a change goes in. Runs all steps, then says which failed. */
import { spawnSync } from 'node:child_process';
import { root } from './setup.js';

const bin = (name: string) => `node_modules/${name}`;
const steps: [string, string[]][] = [
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['lint and format', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
  ['imports', ['scripts/check-imports.ts']],
  ['docs', ['scripts/docs.ts', '--check']],
  ['tests', ['scripts/test.ts']],
];

const failed: string[] = [];
for (const [name, command] of steps) {
  process.stderr.write(`\n— ${name}\n`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
process.stderr.write(failed.length === 0 ? '\nall checks pass\n' : `\nfailed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
