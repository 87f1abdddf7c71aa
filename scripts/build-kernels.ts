/**
 * Compiles `src/kernels/assembly/index.ts` to `src/kernels/kernels.wasm` and writes the signatures of its exports to
 * `src/kernels/signatures.ts`. Skipped when both are newer than every source.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STATIC_BASE } from '../src/kernels/layout.ts';
import { kernelOutputs, kernelSources, kernelsAreFresh } from './kernel-sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = kernelSources(root);
if (process.argv.includes('--force') || !kernelsAreFresh(root)) await build();

async function build(): Promise<void> {
  // Outputs are written beside and renamed: a process that starts meanwhile reads the old or the new kernels, never half.
  const wasm = `.tmp/kernels-${process.pid}.wasm`;
  const signatures = `.tmp/signatures-${process.pid}.ts`;
  mkdirSync(`${root}.tmp`, { recursive: true });
  // Imported here because loading the compiler takes longer than finding that there is nothing to do.
  const { main } = await import('assemblyscript/asc');
  const { error, stderr } = await main(
    [
      'src/kernels/assembly/index.ts',
      ...['--baseDir', root, '--outFile', wasm, '--runtime', 'stub', '-O3', '--converge', '--noAssert'],
      ...['--enable', 'simd', '--enable', 'relaxed-simd', '--enable', 'threads', '--enable', 'bulk-memory'],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '4', '--maximumMemory', '65536'],
      ...['--memoryBase', String(STATIC_BASE), '--use', 'abort='],
    ],
    {},
  );
  if (error !== null) {
    process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
    process.exit(1);
  }
  writeFileSync(root + signatures, declarations());
  renameSync(root + wasm, root + kernelOutputs.wasm);
  renameSync(root + signatures, root + kernelOutputs.signatures);
}

/** The exported kernels as a TypeScript interface, read from the AssemblyScript declarations. */
function declarations(): string {
  const signatures = new Map<string, string>();
  for (const path of sources.filter((source) => source.includes('/assembly/'))) {
    const text = readFileSync(root + path, 'utf8');
    for (const [, name, parameters, result] of text.matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)) {
      const names = [...parameters!.matchAll(/(\w+)\s*:\s*\w+/g)].map(
        ([, parameter]) => `${parameter}: number`,
      );
      signatures.set(name!, `(${names.join(', ')}): ${result === 'void' ? 'void' : 'number'}`);
    }
  }
  const index = readFileSync(`${root}src/kernels/assembly/index.ts`, 'utf8');
  const exported = [...index.matchAll(/export \{([^}]*)\}/g)].flatMap(([, list]) =>
    list!.split(',').map((name) => name.trim()),
  );
  const rows = exported
    .filter(Boolean)
    .sort()
    .map(
      (name) =>
        `  readonly ${name}${signatures.get(name) === undefined ? ': never' : `: ${signatures.get(name)!.replace('): ', ') => ')}`};`,
    );
  return `// Written by scripts/build-kernels.ts.\nexport interface Kernels {\n${rows.join('\n')}\n}\n`;
}
