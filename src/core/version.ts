import { readFileSync } from 'node:fs';

let known: string | undefined;

/** The version of this heddle, from its package.json. */
export function heddleVersion(): string {
  // The sources lie two folders below package.json, the compiled files (dist/src/core) three.
  const up = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  known ??= String(JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')).version);
  return known;
}
