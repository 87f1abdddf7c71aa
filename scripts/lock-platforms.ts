/**
 * Completes `package-lock.json` for platforms other than the one it was written on. npm leaves out the platform packages
 * that its registry did not offer at the time, and `npm ci` then refuses the lock file. Run it after `npm install NAME`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.js';

export interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export type LockPackages = Record<string, LockEntry>;

/** The entries that other platforms need and `packages` lacks, by their place in `node_modules`. */
export function missingPlatforms(packages: LockPackages): LockPackages {
  const missing: LockPackages = {};
  for (const [parent, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    if (parent === '') continue;
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      if (platform === undefined || isLocked(packages, parent, name)) continue;
      const { os, cpu, libc } = platform;
      missing[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev === true ? { dev } : {}),
        ...(libc === undefined ? {} : { libc }),
        optional: true,
        os,
      };
    }
  }
  return missing;
}

/** Packages built for one platform are named for it: `…-linux-x64-musl`. Undefined when the name tells none. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | undefined {
  const match =
    /-(aix|android|darwin|freebsd|linux|linuxmusl|netbsd|openbsd|sunos|win32)-(\w+?)(?:-(musl|gnu|msvc))?$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, system, cpu, flavour] = match;
  const os = system === 'linuxmusl' ? 'linux' : system!;
  const libc = system === 'linuxmusl' || flavour === 'musl' ? 'musl' : 'glibc';
  return { os: [os], cpu: [cpu!], ...(os === 'linux' ? { libc: [libc] } : {}) };
}

/** Whether `name` resolves from `parent` as Node would find it, from the inside outwards. */
function isLocked(packages: LockPackages, parent: string, name: string): boolean {
  for (let place = parent; ; place = place.slice(0, Math.max(0, place.lastIndexOf('node_modules/') - 1))) {
    const folder = place === '' ? '' : `${place}/`;
    if (packages[`${folder}node_modules/${name}`] !== undefined) return true;
    if (place === '') return false;
  }
}

if (import.meta.main) {
  const path = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingPlatforms(lock.packages);
  const all = Object.entries({ ...lock.packages, ...missing });
  // npm's own order, here and of the keys above, so that its next write changes nothing else.
  all.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(all);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  process.stderr.write(
    `heddle: ${Object.keys(missing).length} platform packages added to package-lock.json\n`,
  );
}
