import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type FileContent, writeFileAtomic } from './atomic-file.ts';
import { FileError } from './errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-atomic-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A fresh folder, so that leftovers of a failed write show in its listing. */
function emptyFolder(): string {
  return mkdtempSync(join(folder, 'case-'));
}

async function failure(path: string, content: FileContent): Promise<FileError> {
  try {
    await writeFileAtomic(path, content);
  } catch (error) {
    assert.ok(error instanceof FileError, `a FileError, not ${error}`);
    assert.ok(error.message.includes(path), `names the path: ${error.message}`);
    return error;
  }
  assert.fail('expected an error');
}

test('text, bytes and pieces arrive unchanged', async () => {
  const path = join(emptyFolder(), 'a.txt');
  await writeFileAtomic(path, '面积 ½');
  assert.equal(readFileSync(path, 'utf8'), '面积 ½');
  await writeFileAtomic(path, new Uint8Array([0, 255, 1]));
  assert.deepEqual([...readFileSync(path)], [0, 255, 1]);
  await writeFileAtomic(path, []);
  assert.equal(statSync(path).size, 0);
  await writeFileAtomic(
    path,
    (async function* () {
      yield new Uint8Array([1, 2]);
      yield new Uint8Array(new SharedArrayBuffer(3)).fill(7);
    })(),
  );
  assert.deepEqual([...readFileSync(path)], [1, 2, 7, 7, 7]);
});

test('pieces below, at and above the gathering size keep their order', async () => {
  const path = join(emptyFolder(), 'a.bin');
  const sizes = [1, 100_000, 200_000, 262_143, 262_144, 262_145, 0, 3, 700_000, 5];
  const pieces = sizes.map((size, i) => new Uint8Array(size).map((_, j) => (i * 31 + j) % 251));
  await writeFileAtomic(path, pieces);
  assert.ok(readFileSync(path).equals(Buffer.concat(pieces)));
});

test('a process killed in the middle of a write leaves the old version whole', async () => {
  const path = join(emptyFolder(), 'model.heddle');
  writeFileSync(path, 'old version');
  const program = `
    import { writeFileAtomic } from ${JSON.stringify(new URL('./atomic-file.ts', import.meta.url).href)};
    await writeFileAtomic(process.argv[1], (async function* () {
      yield new Uint8Array(1_000_000).fill(65);
      process.stdout.write('half');
      await new Promise(() => setInterval(() => {}, 1000));
    })());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  assert.equal(String(said), 'half');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(readFileSync(path, 'utf8'), 'old version');
  // The half-written bytes exist, but only under the temporary name.
  assert.equal(readdirSync(join(path, '..')).filter((name) => name.endsWith('.tmp')).length, 1);
  await writeFileAtomic(path, 'new version');
  assert.equal(readFileSync(path, 'utf8'), 'new version');
});

test('an error thrown by the pieces comes through, the old version stays and nothing is left behind', async () => {
  const path = join(emptyFolder(), 'a.txt');
  writeFileSync(path, 'old version');
  const boom = new Error('boom');
  await assert.rejects(
    writeFileAtomic(
      path,
      (function* () {
        yield new Uint8Array(500_000);
        throw boom;
      })(),
    ),
    (error) => error === boom,
  );
  assert.equal(readFileSync(path, 'utf8'), 'old version');
  assert.deepEqual(readdirSync(join(path, '..')), ['a.txt']);
});

test('a missing folder, a folder as target, a file as folder and an over-long name are named errors', async () => {
  const here = emptyFolder();
  writeFileSync(join(here, 'plain'), '');
  mkdirSync(join(here, 'sub'));
  assert.equal((await failure(join(here, 'no', 'such', 'a.txt'), 'x')).code, 'file/folder-missing');
  assert.equal((await failure(join(here, 'sub'), 'x')).code, 'file/is-a-folder');
  assert.equal((await failure(join(here, 'plain', 'a.txt'), 'x')).code, 'file/not-a-folder');
  assert.equal((await failure(join(here, 'n'.repeat(5000)), 'x')).code, 'file/name-too-long');
  assert.deepEqual(readdirSync(here).sort(), ['plain', 'sub']);
});

/** Runs `work` without the superuser's right to ignore permissions. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const superuser = process.geteuid?.() === 0;
  if (superuser) process.seteuid!(65534);
  try {
    await work();
  } finally {
    if (superuser) process.seteuid!(0);
  }
}

const posix = { skip: process.platform === 'win32' && 'Windows has no permission bits and no /dev/full' };

test('a folder or file without write permission is a named error', posix, async () => {
  const here = emptyFolder();
  writeFileSync(join(here, 'kept'), 'kept');
  chmodSync(folder, 0o755);
  chmodSync(here, 0o555);
  await asOrdinaryUser(async () => {
    assert.equal((await failure(join(here, 'new'), 'x')).code, 'file/not-writable');
  });
  chmodSync(here, 0o777);
  chmodSync(join(here, 'kept'), 0o444);
  await asOrdinaryUser(async () => {
    assert.equal((await failure(join(here, 'kept'), 'x')).code, 'file/not-writable');
  });
  assert.equal(readFileSync(join(here, 'kept'), 'utf8'), 'kept');
  assert.deepEqual(readdirSync(here), ['kept']);
});

test('a full disk is a named error', { skip: !existsSync('/dev/full') && 'needs /dev/full' }, async () => {
  const error = await failure('/dev/full', 'x');
  assert.equal(error.code, 'file/disk-full');
  assert.match(error.message, /Free some space/);
  assert.ok(statSync('/dev/full').isCharacterDevice(), 'a device is written to, not replaced');
});

test('a size limit met halfway leaves the old version and no temporary file', posix, async () => {
  const path = join(emptyFolder(), 'a.bin');
  writeFileSync(path, 'old version');
  const program = `
    import { writeFileAtomic } from ${JSON.stringify(new URL('./atomic-file.ts', import.meta.url).href)};
    process.on('SIGXFSZ', () => {});
    await writeFileAtomic(process.argv[1], new Uint8Array(4_000_000)).catch((error) => process.stdout.write(error.code));`;
  // 1 MiB at most for any file the child writes (sh counts in blocks of 512 or 1024 bytes).
  const child = spawn(
    'sh',
    ['-c', 'ulimit -f 1024; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', program, path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  await once(child, 'close');
  assert.equal(said, 'file/too-large');
  assert.equal(readFileSync(path, 'utf8'), 'old version');
  assert.deepEqual(readdirSync(join(path, '..')), ['a.bin']);
});

test('a symbolic link keeps pointing where it did and permissions are kept', posix, async () => {
  const here = emptyFolder();
  mkdirSync(join(here, 'real'));
  writeFileSync(join(here, 'real', 'a.txt'), 'old');
  chmodSync(join(here, 'real', 'a.txt'), 0o640);
  symlinkSync(join('real', 'a.txt'), join(here, 'link'));
  await writeFileAtomic(join(here, 'link'), 'new');
  assert.equal(readFileSync(join(here, 'real', 'a.txt'), 'utf8'), 'new');
  assert.equal(statSync(join(here, 'real', 'a.txt')).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(here).sort(), ['link', 'real']);
});

test('simultaneous writers leave one of the versions whole', async () => {
  const path = join(emptyFolder(), 'a.txt');
  const versions = Array.from({ length: 8 }, (_, i) => String(i).repeat(300_000));
  await Promise.all(versions.map((version) => writeFileAtomic(path, version)));
  assert.ok(versions.includes(readFileSync(path, 'utf8')));
  assert.deepEqual(readdirSync(join(path, '..')), ['a.txt']);
});
