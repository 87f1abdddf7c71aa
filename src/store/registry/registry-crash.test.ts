import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RandomState } from '../../core/random.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { readModelFile, saveModel } from '../model-file.ts';
import { objectStore, sha256 } from './object-store.ts';
import { openRegistry } from './open-registry.ts';

/** What a writer printed once the registry had taken it. */
interface Acknowledged {
  readonly kind: 'register' | 'alias' | 'tag' | 'untag';
  readonly name: string;
  readonly version: number;
  readonly file?: string;
  readonly tag?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'heddle-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const models = join(folder, 'models');
const script = fileURLToPath(new URL('./writer.fixture.ts', import.meta.url));

before(async () => {
  mkdirSync(models);
  const fitted = await ridge().fit([[1], [2], [3]], [1, 2, 4]);
  const record = fitted.record();
  for (let i = 0; i < 600; i++) {
    // Every tenth is large enough that a kill can hit the middle of its writing.
    const padding = new Float64Array(i % 10 === 0 ? 100_000 : 1).fill(i);
    await saveModel(
      { record: () => ({ ...record, summary: { ...record.summary, padding } }) },
      join(models, `${i}.heddle`),
    );
  }
});

/** Runs a writer until it ends or is killed, some milliseconds after its first write. */
function write(
  registry: string,
  number: number,
  end: { readonly writes: number } | { readonly killMs: number },
) {
  const writes = 'writes' in end ? end.writes : 1_000_000;
  const child = spawn(process.execPath, [script, registry, models, String(number), String(writes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (text === '' && 'killMs' in end) setTimeout(() => child.kill('SIGKILL'), end.killMs);
    text += chunk;
  });
  return new Promise<{ readonly code: number | null; readonly acknowledged: Acknowledged[] }>((resolve) => {
    child.on('close', (code) => {
      // A kill may cut the last line off.
      const lines = text
        .slice(0, text.lastIndexOf('\n') + 1)
        .trim()
        .split('\n')
        .filter(Boolean);
      resolve({ code, acknowledged: lines.map((line) => JSON.parse(line) as Acknowledged) });
    });
  });
}

/** Everything that was acknowledged is there, every version loads, nothing is partial. */
async function requireWhole(place: string, acknowledged: readonly Acknowledged[]): Promise<number> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(place, 'registry.db'));
  assert.deepEqual(
    database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => ({ ...row })),
    [{ integrity_check: 'ok' }],
  );
  assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
  database.close();
  using registry = await openRegistry(place);
  const digests = new Map<string, string>();
  const digestOf = async (file: string) => {
    const known = digests.get(file) ?? (await sha256(await readModelFile(join(models, file))));
    digests.set(file, known);
    return known;
  };
  const given = new Set<string>();
  for (const { kind, name, version, file, tag } of acknowledged) {
    const found = registry.resolve(`${name}@${version}`);
    if (kind === 'register') {
      assert.equal(found.digest, await digestOf(file!));
      assert.ok(!given.has(`${name}@${version}`), `${name}@${version} was given twice`);
      given.add(`${name}@${version}`);
    }
    if (kind === 'tag') assert.ok(tag! in found.tags, `${name}@${version} lost ${tag}`);
    if (kind === 'untag') assert.ok(!(tag! in found.tags), `${name}@${version} has ${tag} again`);
    // A writer moves its alias forwards only; the move after the last acknowledged one may have been committed.
    if (kind === 'alias') assert.ok(registry.resolve(`${name}@champion`).version >= 1);
  }
  assert.deepEqual((await registry.verify()).faults, []);
  // Files that no version has, because their writer died in between, are whole all the same.
  const objects = objectStore(place);
  for (const { digest } of await objects.list()) await objects.read(digest);
  let versions = 0;
  const loaded = new Set<string>();
  for (const { name } of registry.models()) {
    const all = registry.versions(name);
    versions += all.length;
    // No number was left out or given twice.
    assert.deepEqual(
      all.map(({ version }) => version),
      Array.from(all, (_, i) => all.length - i),
    );
    const registered = registry.history(name).filter(({ kind }) => kind === 'registered');
    assert.deepEqual(
      registered.map(({ version }) => version),
      all.map(({ version }) => version).reverse(),
    );
    for (const { version, digest } of all) {
      if (loaded.has(digest)) continue;
      loaded.add(digest);
      assert.equal((await registry.load(`${name}@${version}`)).model.kind, 'regressor');
    }
  }
  return versions;
}

test('eight processes write 200 times each at once, and nothing is lost', async () => {
  const place = join(folder, 'together');
  const ran = await Promise.all(Array.from({ length: 8 }, (_, i) => write(place, i + 1, { writes: 200 })));
  assert.deepEqual(
    ran.map(({ code }) => code),
    Array(8).fill(0),
  );
  const acknowledged = ran.flatMap((one) => one.acknowledged);
  assert.equal(acknowledged.length, 8 * 200);
  const versions = await requireWhole(place, acknowledged);
  // Nobody was killed: what is there is what was acknowledged.
  assert.equal(versions, acknowledged.filter(({ kind }) => kind === 'register').length);
});

test('writers are killed 50 times at random, and every acknowledged version is there and loads', async () => {
  const place = join(folder, 'killed');
  const random = new RandomState(11);
  const kills = Array.from({ length: 50 }, (_, i) => ({ number: i + 1, killMs: random.randint(0, 60) }));
  const acknowledged: Acknowledged[] = [];
  let killed = 0;
  // Several at a time: some write while another dies.
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let next = kills.pop(); next !== undefined; next = kills.pop()) {
        const ran = await write(place, next.number, { killMs: next.killMs });
        if (ran.code === null) killed++;
        acknowledged.push(...ran.acknowledged);
      }
    }),
  );
  assert.equal(killed, 50);
  const versions = await requireWhole(place, acknowledged);
  const registered = acknowledged.filter(({ kind }) => kind === 'register').length;
  // Each killed process can have had one write that it could not print any more.
  assert.ok(versions >= registered && versions <= registered + 50, `${versions} of ${registered}`);
  using registry = await openRegistry(place);
  assert.equal((await registry.register('after', join(models, '1.heddle'))).version, 1);
});
