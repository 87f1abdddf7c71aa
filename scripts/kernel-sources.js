// @ts-check
// Plain JavaScript: `scripts/setup.js` reads it on any Node before the pinned one is there.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const assembly = 'src/kernels/assembly';

/** What `scripts/build-kernels.ts` writes, relative to the repository. */
export const kernelOutputs = { wasm: 'src/kernels/kernels.wasm', signatures: 'src/kernels/signatures.ts' };

/**
 * The files that the kernels are built from, relative to the repository.
 * @param {string} root The repository's directory.
 * @returns {string[]}
 */
export function kernelSources(root) {
  const files = readdirSync(join(root, assembly), { recursive: true, encoding: 'utf8' });
  return [
    'src/kernels/layout.ts',
    'scripts/build-kernels.ts',
    ...files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${assembly}/${file.replaceAll('\\', '/')}`),
  ];
}

/**
 * Whether every output is there and newer than every source.
 * @param {string} root The repository's directory.
 * @returns {boolean}
 */
export function kernelsAreFresh(root) {
  const changed = (/** @type {string} */ path) =>
    statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(...kernelSources(root).map(changed));
  return Math.min(...Object.values(kernelOutputs).map(changed)) > newest;
}
