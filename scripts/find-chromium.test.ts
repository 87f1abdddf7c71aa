import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findChromium, installedChromium } from './find-chromium.ts';

function folder(t: { after(work: () => void): void }, ...programs: string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'heddle-chromium-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const program of programs) {
    writeFileSync(join(path, program), '#!/bin/sh\n');
    chmodSync(join(path, program), 0o755);
  }
  return path;
}

test('a browser is found on the path, under any of its names', (t) => {
  const PATH = folder(t, 'google-chrome');
  assert.equal(installedChromium({ env: { PATH }, places: [] }), join(PATH, 'google-chrome'));
});

test('places of the system are searched after the path, executables among them', (t) => {
  const place = folder(t, 'chromium', 'Google Chrome');
  assert.equal(installedChromium({ env: { PATH: folder(t) }, places: [place] }), join(place, 'chromium'));
  const executable = join(place, 'Google Chrome');
  assert.equal(installedChromium({ env: {}, places: [executable] }), executable);
});

test('HEDDLE_CHROMIUM goes first, and must name a program', (t) => {
  const PATH = folder(t, 'chromium', 'mine');
  const env = { PATH, HEDDLE_CHROMIUM: join(PATH, 'mine') };
  assert.equal(findChromium({ env, places: [] }), env.HEDDLE_CHROMIUM);
  assert.throws(
    () => findChromium({ env: { PATH, HEDDLE_CHROMIUM: '/nowhere' }, places: [] }),
    /'\/nowhere', which is no program/,
  );
});

test('without a browser and without leave to install one, the error names the command that does', () => {
  assert.throws(
    () => findChromium({ env: {}, places: [], mayInstall: false }),
    /Tests of pages need Chromium\. Install it: (?:sudo apt-get install -y --no-install-recommends chromium|brew |winget )/,
  );
});
