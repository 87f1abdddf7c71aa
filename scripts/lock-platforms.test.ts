import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missingPlatforms } from './lock-platforms.ts';
import { root } from './setup.js';

test('package-lock.json holds the packages of every platform, so that npm ci accepts it on each', () => {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  assert.deepEqual(Object.keys(missingPlatforms(packages)), []);
});

test('package-lock.json names versions and hashes but no registry', () => {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
  const resolved = Object.entries<{ resolved?: string }>(packages).filter(
    ([, entry]) => entry.resolved !== undefined,
  );
  assert.deepEqual(resolved, []);
});

test('a missing platform package is locked to the version its parent asks for, with what its name tells', () => {
  const missing = missingPlatforms({
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        'tool-linux-x64': '2.0.0',
        'tool-linuxmusl-arm64': '2.0.0',
        'tool-win32-x64-msvc': '2.0.0',
        'tool-extras': '2.0.0',
      },
    },
    'node_modules/tool/node_modules/tool-linux-x64': { version: '2.0.0' },
  });
  assert.deepEqual(missing, {
    'node_modules/tool-linuxmusl-arm64': {
      version: '2.0.0',
      cpu: ['arm64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    },
    'node_modules/tool-win32-x64-msvc': {
      version: '2.0.0',
      cpu: ['x64'],
      dev: true,
      optional: true,
      os: ['win32'],
    },
  });
});
