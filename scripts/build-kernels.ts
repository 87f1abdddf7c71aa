/**
 * Compiles `src/kernels/assembly/index.ts` to `src/kernels/kernels.wasm` and writes the signatures of its exports to
 * `src/kernels/signatures.ts`. Skipped when both are newer than every source.
 */
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { STATIC_BASE } from '../src/kernels/layout.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = 'src/kernels/kernels.wasm';
const types = 'src/kernels/signatures.ts';

const sources = [
  'src/kernels/layout.ts',
  'scripts/build-kernels.ts',
  ...globSync('src/kernels/assembly/**/*.ts', { cwd: root }),
];
const changed = (path: string) => (existsSync(root + path) ? statSync(root + path).mtimeMs : 0);
const newest = Math.max(...sources.map(changed));
if (process.argv.includes('--force') || Math.min(changed(wasm), changed(types)) <= newest) await build();

async function build(): Promise<void> {
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
  writeFileSync(root + types, declarations());
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
