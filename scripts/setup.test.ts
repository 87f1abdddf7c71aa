import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isInstalled, pinnedNode, root } from './setup.js';

const clone = mkdtempSync(join(tmpdir(), 'heddle-setup-'));
after(() => rmSync(clone, { recursive: true }));

type Packages = Record<string, { version?: string; optional?: boolean }>;

function isReady(locked: Packages, installed: Packages | undefined): boolean {
  rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: locked }));
  if (installed !== undefined) {
    const executable = pinnedNode.replace(root, clone);
    mkdirSync(join(executable, '..'), { recursive: true });
    writeFileSync(executable, '');
    writeFileSync(join(clone, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return isInstalled(clone);
}

const locked: Packages = {
  '': {},
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b-win32': { version: '2.0.0', optional: true },
};

test('a bare clone is not installed', () => {
  assert.equal(isReady(locked, undefined), false);
});

test('a clone is installed when every package has its locked version; optional ones may be absent', () => {
  assert.equal(isReady(locked, { 'node_modules/a': { version: '1.0.0' } }), true);
  assert.equal(isReady(locked, { ...locked, 'node_modules/extra': { version: '1.0.0' } }), true);
});

test('a clone is out of date when a package is missing or of another version', () => {
  assert.equal(isReady(locked, {}), false);
  assert.equal(isReady(locked, { 'node_modules/a': { version: '1.0.1' } }), false);
  assert.equal(isReady(locked, { ...locked, 'node_modules/b-win32': { version: '1.9.0' } }), false);
});
