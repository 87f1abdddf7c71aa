import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './setup.js';

function heddle(...parameters: string[]) {
  // From another folder: the command must find its own files, not the caller's.
  return spawnSync(process.execPath, [join(root, 'bin/heddle.js'), ...parameters], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
}

test('in a clone the command runs from any folder and writes nothing but its result', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { status, stdout, stderr } = heddle('--version');
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: `${version}\n`, stderr: '' });
});

test('the exit code of the command comes through', () => {
  const { status, stdout } = heddle('wave');
  assert.equal(status, 1);
  assert.equal(stdout, '');
});
