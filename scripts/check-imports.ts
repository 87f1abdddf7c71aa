/**
 * `node scripts/check-imports.ts`: import directions, cycles and undeclared packages. Part of `npm run check`.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { findCycles } from './find-cycles.ts';
import { findImports } from './find-imports.ts';
import { forbids } from './import-rules.ts';
import { root } from './setup.js';

/** What is wrong with the imports of the repository at `directory`: one line each, `file:line: message`. */
export function checkImports(directory: string): string[] {
  const files = globSync('{src,testing,bench,examples,scripts,docs}/**/*.{ts,js}', {
    cwd: directory,
    exclude: ['src/kernels/assembly/**', '**/node_modules/**'],
  })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const declared = declaredPackages(directory);
  const problems: string[] = [];
  const loads = new Map<string, string[]>();
  for (const file of files) {
    const loaded: string[] = [];
    loads.set(file, loaded);
    for (const { specifier, kind, line } of findImports(readFileSync(join(directory, file), 'utf8'))) {
      const problem = specifier.startsWith('.')
        ? checkFile(directory, file, specifier)
        : checkPackage(file, specifier, declared);
      if (problem !== undefined) problems.push(`${file}:${line}: ${problem}`);
      // A lazy import waits until both modules are ready, and a type leaves nothing to wait for: neither makes a cycle.
      if (specifier.startsWith('.') && kind === 'static') loaded.push(resolve(file, specifier));
    }
  }
  for (const cycle of findCycles(loads)) problems.push(`${cycle[0]}:1: imports itself: ${cycle.join(' → ')}`);
  return problems;
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function checkFile(directory: string, file: string, specifier: string): string | undefined {
  const target = resolve(file, specifier);
  // What a build writes may not be there yet.
  if (!target.startsWith('dist/') && !existsSync(join(directory, target)))
    return `'${specifier}' does not exist (write the extension: './x.ts')`;
  const reason = forbids(file, target);
  return reason === undefined ? undefined : `must not import ${target}: ${reason}`;
}

interface Declared {
  readonly published: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
}

function declaredPackages(directory: string): Declared {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return {
    published: new Set(
      Object.keys({
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        ...manifest.peerDependencies,
      }),
    ),
    development: new Set([manifest.name, ...Object.keys(manifest.devDependencies ?? {})]),
  };
}

function checkPackage(
  file: string,
  specifier: string,
  { published, development }: Declared,
): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (builtinModules.includes(name)) return `write 'node:${specifier}'`;
  if (published.has(name)) return undefined;
  const isPublished = /^(?:src|testing)\//.test(file) && !/\.(?:test|fixture)\.[jt]s$/.test(file);
  if (!development.has(name)) return `package '${name}' is not in package.json`;
  return isPublished ? `package '${name}' is not a dependency of the published package` : undefined;
}

if (import.meta.main) {
  const problems = checkImports(root);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
