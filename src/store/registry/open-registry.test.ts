import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { FileError, OptionError } from '../../core/errors.ts';
import { decodeTensors, encodeTensors } from '../../core/safetensors.ts';
import { ridge } from '../../models/ridge/ridge.ts';
import { keepsake } from '../keepsake.fixture.ts';
import { modelChecksum } from '../model-checksum.ts';
import { saveModel } from '../model-file.ts';
import { checkName, parseReference } from './model-reference.ts';
import { openRegistry } from './open-registry.ts';
import type { Registry } from './registry.ts';
import { watchAlias } from './watch-alias.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-registry-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const pathOf = (name: string) => join(folder, name);
let places = 0;
const newPlace = () => pathOf(`registry-${++places}`);
const posix = { skip: process.platform === 'win32' && 'Windows has no permission bits' };

const rows = [[1], [2], [3]];
const a = pathOf('a.heddle');
const b = pathOf('b.heddle');
/** As `trainTable` leaves one. */
const trained = pathOf('trained.heddle');

before(async () => {
  const one = await ridge().fit(rows, [1, 2, 4]);
  await saveModel(one, a);
  await saveModel(await ridge({ alpha: 2 }).fit(rows, [1, 2, 4]), b);
  const record = one.record();
  const table = {
    ...{
      family: 'ridge',
      metrics: { r2: 0.9, rmse: Number.NaN, positive: { recall: 0.5, class: 'yes' }, odd: [1] },
    },
    ...{ options: { target: 'y', seed: 1 }, split: { seed: 1 } },
    data: { source: 'houses.csv', fingerprint: 'f00', rows: 3, columns: 2 },
  };
  await saveModel({ record: () => ({ ...record, summary: { ...record.summary, table } }) }, trained);
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

function refuses(work: () => unknown, code: string, message: RegExp = /./): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof OptionError || error instanceof FileError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('versions count up by name, and references find them by number, alias or nothing', async () => {
  using registry = await openRegistry(newPlace());
  const first = await registry.register('house', a, { note: 'first', tags: { stage: 'trial' } });
  assert.equal(first.version, 1);
  assert.equal(first.model, 'ridge');
  assert.equal(first.bytes, readFileSync(a).length);
  assert.equal((await registry.register('house', b)).version, 2);
  assert.equal((await registry.register('面积', a)).version, 1);
  // Without a champion a bare name is the newest version.
  assert.equal(registry.resolve('house').version, 2);
  registry.setAlias('house', 'champion', 1);
  assert.equal(registry.resolve('house').version, 1);
  assert.equal(registry.resolve('house@latest').version, 2);
  assert.equal(registry.resolve('house@2').version, 2);
  assert.deepEqual(registry.resolve('house@champion').aliases, ['champion']);
  assert.deepEqual(registry.resolve('house@1'), { ...first, aliases: ['champion'] });
  assert.deepEqual(
    registry.versions('house').map(({ version }) => version),
    [2, 1],
  );
  const [house, area] = registry.models();
  assert.deepEqual(
    [house!.name, house!.versions, house!.newest.version, house!.aliases],
    ['house', 2, 2, { champion: 1 }],
  );
  assert.deepEqual([area!.name, area!.versions, area!.aliases], ['面积', 1, {}]);
  const { model, version } = await registry.load('house@champion');
  assert.deepEqual(
    await (model as { predict(x: number[][]): unknown }).predict(rows),
    await (await ridge().fit(rows, [1, 2, 4])).predict(rows),
  );
  assert.equal(version.version, 1);
});

test('the same letters are the same name, however they are composed', async () => {
  using registry = await openRegistry(newPlace());
  await registry.register('caf\u00e9', a);
  assert.equal((await registry.register('cafe\u0301', a)).version, 2);
  assert.equal(registry.models().length, 1);
});

test('what does not exist is named with what does', async () => {
  using registry = await openRegistry(newPlace());
  refuses(() => registry.resolve('house'), 'registry/unknown-name', /It is empty/);
  await registry.register('house', a, { aliases: ['champion'] });
  refuses(() => registry.resolve('hause'), 'registry/unknown-name', /Did you mean 'house'/);
  refuses(
    () => registry.resolve('house@champoin'),
    'registry/unknown-alias',
    /Did you mean 'champion'.*versions are 1 only/,
  );
  refuses(() => registry.resolve('house@7'), 'registry/unknown-version', /versions are 1 only/);
  refuses(() => registry.resolve('house@99999999999999999999'), 'registry/unknown-version');
  refuses(() => registry.setAlias('house', 'champion', 2), 'registry/unknown-version');
  refuses(() => registry.setAlias('house', 'champion', 1.5), 'registry/unknown-version');
  refuses(() => registry.removeAlias('house', 'other'), 'registry/unknown-alias');
  refuses(() => registry.versions('other'), 'registry/unknown-name');
  refuses(() => registry.history('other'), 'registry/unknown-name');
  for (const reference of ['house@', 'house@1@2', '@1']) {
    assert.throws(() => registry.resolve(reference), { name: 'OptionError' });
  }
});

test('hostile names are refused, and no name is ever a path', async () => {
  const place = newPlace();
  using registry = await openRegistry(place);
  const hostile = [
    ...[
      '',
      '.',
      '..',
      '../etc/passwd',
      '/etc/passwd',
      'a/b',
      'a\\b',
      'C:\\x',
      '.hidden',
      '-flag',
      '_x',
      'a b',
      'a\0b',
      'a\nb',
    ],
    ...[
      'a@b',
      '=1+1',
      '+1',
      '__proto__',
      "a'; DROP TABLE heddle_models; --",
      'a%2fb',
      '\u202egnp.exe',
      'x'.repeat(101),
      '\u0301e',
    ],
  ];
  for (const name of hostile) {
    await assert.rejects(registry.register(name, a), { code: 'registry/bad-name' }, JSON.stringify(name));
    await assert.rejects(registry.register('house', a, { aliases: [name] }), { code: 'registry/bad-name' });
    await assert.rejects(registry.register('house', a, { tags: { [`${name}`]: 'x' } }), {
      code: 'registry/bad-name',
    });
  }
  for (const alias of ['latest', '3']) {
    await assert.rejects(registry.register('house', a, { aliases: [alias] }), { code: 'registry/bad-name' });
  }
  assert.deepEqual(registry.models(), []);
  for (const name of ['constructor', 'toString', 'x'.repeat(100), '1', 'CON', 'a..b'])
    await registry.register(name, a);
  assert.equal(registry.models().length, 6);
  assert.deepEqual(
    readdirSync(place).filter((name) => !/^registry\.db(-wal|-shm)?$/.test(name)),
    ['objects'],
  );
});

test('any text is a name that can be referred to, or a named refusal', () => {
  const check = (text: string) => {
    try {
      return checkName(text, 'name of a model');
    } catch (error) {
      assert.equal((error as OptionError).code, 'registry/bad-name');
      return undefined;
    }
  };
  let names = 0;
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'aZ9é\u0301面._-'), minLength: 1, maxLength: 10 }),
  );
  fc.assert(
    fc.property(texts, fc.nat(), (text, number) => {
      const name = check(text);
      if (name === undefined) return;
      names++;
      assert.ok(!/[@/\\\s\p{Control}]|^[.\-=+]/u.test(name));
      assert.equal(check(name), name);
      assert.deepEqual(parseReference(text), { name });
      assert.deepEqual(parseReference(`${text}@${number}`), { name, version: number });
    }),
    { numRuns: 500, seed: 3 },
  );
  assert.ok(names > 50);
});

test('a version has the metrics and lineage that the file remembers, and those that are given', async () => {
  using registry = await openRegistry(newPlace());
  const { metrics, lineage } = await registry.register('house', trained, {
    metrics: { rmse: 3, mine: 4 },
    lineage: { parent: 7, dataSource: undefined },
  });
  assert.deepEqual(metrics, { r2: 0.9, 'positive.recall': 0.5, rmse: 3, mine: 4 });
  const { heddle, ...rest } = lineage;
  assert.match(heddle!, /^\d+\.\d+/);
  assert.deepEqual(rest, {
    ...{ dataSource: 'houses.csv', dataFingerprint: 'f00', rows: 3 },
    ...{ options: { target: 'y', seed: 1 }, split: { seed: 1 }, parent: 7 },
  });
  assert.deepEqual(registry.resolve('house').lineage, lineage);
});

test('facts that cannot be kept are refused by name, and nothing is registered', async () => {
  using registry = await openRegistry(newPlace());
  const bad = (facts: object, what: RegExp) =>
    assert.rejects(registry.register('house', a, facts), { code: 'registry/bad-fact', message: what });
  await bad({ metrics: { r2: Number.NaN } }, /metrics\.r2: it is NaN/);
  await bad({ lineage: { rows: -1 } }, /lineage\.rows/);
  await bad({ lineage: { other: 1 } }, /lineage/);
  await bad({ lineage: { options: { text: 'x'.repeat(70_000) } } }, /lineage: it takes \d+ bytes/);
  await bad({ note: 'x'.repeat(4001) }, /note: it has 4001 characters/);
  await bad({ note: 'a\u001b[2Jb' }, /note: it has control characters/);
  await bad({ tags: { a: 'x\u009bK' } }, /tags\.a: it has control characters/);
  await bad(
    { tags: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, ''])) },
    /tags: there are 101/,
  );
  assert.deepEqual(registry.models(), []);
});

test('files that are no models, damaged or hostile are refused, and nothing is kept', async () => {
  const place = newPlace();
  using registry = await openRegistry(place);
  const bytes = readFileSync(a);
  const { tensors, metadata } = decodeTensors(bytes, { file: a });
  const forged = (change: (json: string) => string) => {
    const heddle = change(metadata.heddle!);
    return Buffer.concat([...encodeTensors(tensors, { heddle, checksum: modelChecksum(heddle, tensors) })]);
  };
  const files: Record<string, Uint8Array> = {
    empty: new Uint8Array(),
    text: Buffer.from('=cmd|calc'),
    cut: bytes.subarray(0, bytes.length - 4),
    turned: bytes.map((byte, i) => (i === bytes.length - 3 ? byte ^ 1 : byte)),
    longHeader: Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), bytes.subarray(8)]),
    options: forged((json) => json.replace('"alpha":1', '"alpha":-1')),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = pathOf(`bad-${name}.heddle`);
    writeFileSync(path, content);
    const made = registry.register('house', path).then(() => assert.fail(name));
    await assert.rejects(made, (error: unknown) => {
      assert.ok(error instanceof FileError, `${name}: ${error}`);
      assert.ok(error.message.includes(path), `${name}: ${error.message}`);
      return true;
    });
  }
  await assert.rejects(registry.register('house', pathOf('none')), { code: 'file/not-found' });
  await assert.rejects(registry.register('house', folder), { code: 'file/is-a-folder' });
  assert.deepEqual(registry.models(), []);
  assert.ok(!existsSync(join(place, 'objects')));
  // A key that would reach into every object is one like any other.
  const path = pathOf('prototype.heddle');
  writeFileSync(
    path,
    forged((json) => json.replace('"summary":{', '"summary":{"__proto__":{"table":{"metrics":{"r2":1}}},')),
  );
  assert.deepEqual((await registry.register('house', path)).metrics, {});
  assert.equal(({} as { readonly table?: unknown }).table, undefined);
});

test("a model of the user's own is kept, and loads when its definition is given", async () => {
  const path = pathOf('own.heddle');
  await saveModel(await keepsake().fit(rows, [1, 2, 4]), path);
  using registry = await openRegistry(newPlace());
  await registry.register('own', path);
  await assert.rejects(registry.load('own'), { code: 'file/unknown-model' });
  assert.equal((await registry.load('own', { models: [keepsake] })).model.kind, 'regressor');
});

test('an alias moves only from where it is expected', async () => {
  using registry = await openRegistry(newPlace());
  for (const file of [a, b, a]) await registry.register('house', file);
  registry.setAlias('house', 'champion', 1, { expected: null });
  refuses(
    () => registry.setAlias('house', 'champion', 2, { expected: null }),
    'registry/alias-moved',
    /to version 1, not nowhere/,
  );
  registry.setAlias('house', 'champion', 2, { expected: 1, reason: 'better' });
  refuses(
    () => registry.setAlias('house', 'champion', 3, { expected: 1 }),
    'registry/alias-moved',
    /to version 2, not to version 1/,
  );
  assert.equal(registry.resolve('house').version, 2);
  registry.removeAlias('house', 'champion');
  refuses(
    () => registry.setAlias('house', 'champion', 3, { expected: 2 }),
    'registry/alias-moved',
    /nowhere, not to version 2/,
  );
});

test('the history says what happened, from where and why', async () => {
  using registry = await openRegistry(newPlace());
  await registry.register('house', a, { aliases: ['champion'], note: 'first' });
  await registry.register('house', b);
  registry.setAlias('house', 'champion', 2, { reason: 'better' });
  registry.setAlias('house', 'champion', 2, { reason: 'already there' });
  registry.setTags('house', 2, { stage: 'live', x: 'y' });
  registry.setTags('house', 2, { stage: 'live' });
  assert.deepEqual(registry.setTags('house', 2, { x: null, none: null }).tags, { stage: 'live' });
  registry.remove('house', 1, 'old');
  registry.removeAlias('house', 'champion', 'retired');
  const events = registry.history('house').map(({ at, ...event }) => {
    assert.ok(!Number.isNaN(Date.parse(at)));
    return Object.values(event).join(' | ');
  });
  assert.deepEqual(events, [
    'registered | 1 |  |  | first',
    'alias-set | 1 | champion |  | first',
    'registered | 2 |  |  | ',
    'alias-set | 2 | champion | 1 | better',
    'tagged | 2 |  |  | stage=live, x=y',
    'tagged | 2 |  |  | -x',
    'removed | 1 |  |  | old',
    'alias-removed | 2 | champion | 2 | retired',
  ]);
});

test('a version that an alias points to stays; the number of a removed one is not given again', async () => {
  const place = newPlace();
  using registry = await openRegistry(place);
  await registry.register('house', a, { aliases: ['champion', 'safe'] });
  refuses(() => registry.remove('house', 1), 'registry/version-in-use', /'champion', 'safe' point to it/);
  const second = await registry.register('house', b);
  registry.remove('house', 2);
  refuses(() => registry.remove('house', 2), 'registry/unknown-version');
  // Its file stays until it is pruned; that of version 1 stays for good.
  assert.ok(existsSync(registry.path(second)));
  assert.deepEqual(await registry.prune(), { files: 1, bytes: second.bytes });
  assert.ok(!existsSync(registry.path(second)));
  assert.equal((await registry.load('house@1')).model.kind, 'regressor');
  assert.equal((await registry.register('house', b)).version, 3);
  registry.removeAlias('house', 'champion');
  registry.removeAlias('house', 'safe');
  registry.remove('house', 1);
  registry.remove('house', 3);
  refuses(
    () => registry.resolve('house'),
    'registry/unknown-version',
    /Every version of 'house' was removed/,
  );
  assert.deepEqual(registry.models(), []);
});

test('equal files are kept once, and a damaged one is found, refused and healed', async () => {
  using registry = await openRegistry(newPlace());
  const first = await registry.register('house', a);
  const other = await registry.register('other', a);
  const missing = await registry.register('other', b);
  assert.equal(registry.path(first), registry.path(other));
  assert.deepEqual(await registry.verify(), { checked: 2, bytes: first.bytes + missing.bytes, faults: [] });
  const bytes = readFileSync(a);
  writeFileSync(
    registry.path(first),
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
  );
  rmSync(registry.path(missing));
  await assert.rejects(registry.load('house'), { code: 'registry/damaged' });
  await assert.rejects(registry.copy('house', pathOf('copy.heddle')), { code: 'registry/damaged' });
  const { faults } = await registry.verify();
  assert.deepEqual(faults.map(({ fault, versions }) => [fault, ...versions]).sort(), [
    ['changed', 'house@1', 'other@1'],
    ['missing', 'other@2'],
  ]);
  await registry.register('third', a);
  await registry.register('third', b);
  assert.deepEqual((await registry.verify()).faults, []);
  await registry.copy('house', pathOf('copy.heddle'));
  assert.deepEqual(readFileSync(pathOf('copy.heddle')), bytes);
});

test('verifying can be stopped', async () => {
  using registry = await openRegistry(newPlace());
  await registry.register('house', a);
  await assert.rejects(registry.verify({ signal: AbortSignal.abort() }), { code: 'job/aborted' });
});

test('half-written files of the dead are cleared away, those of the living stay', async () => {
  const place = newPlace();
  let object: string;
  {
    using registry = await openRegistry(place);
    object = registry.path(await registry.register('house', a));
  }
  const [old, fresh] = ['.x.heddle.0a.tmp', '.x.heddle.0b.tmp'].map((name) =>
    join(dirname(object), name),
  ) as [string, string];
  for (const path of [old, fresh]) writeFileSync(path, 'half');
  const before = Date.now() / 1000 - 7200;
  utimesSync(old, before, before);
  (await openRegistry(place, { access: 'read' }))[Symbol.dispose]();
  assert.ok(existsSync(old), 'a reader changes nothing');
  (await openRegistry(place))[Symbol.dispose]();
  assert.deepEqual([existsSync(old), existsSync(fresh), existsSync(object)], [false, true, true]);
});

test('two registries know nothing of one another', async () => {
  using one = await openRegistry(newPlace());
  using two = await openRegistry(newPlace());
  await one.register('house', a, { aliases: ['champion'] });
  await two.register('house', b);
  await two.register('house', b);
  assert.deepEqual([one.versions('house').length, two.versions('house').length], [1, 2]);
  refuses(() => two.resolve('house@champion'), 'registry/unknown-alias');
});

test(
  'a registry in a folder that cannot be written is read, and writing says why it cannot',
  posix,
  async () => {
    const place = newPlace();
    {
      using registry = await openRegistry(place);
      await registry.register('house', a);
    }
    chmodSync(folder, 0o755);
    chmodSync(place, 0o555);
    chmodSync(join(place, 'registry.db'), 0o444);
    try {
      await asOrdinaryUser(async () => {
        using registry = await openRegistry(place, { access: 'read' });
        assert.equal((await registry.load('house')).version.version, 1);
        refuses(() => registry.setTags('house', 1, { a: 'b' }), 'file/not-writable');
        await assert.rejects(
          openRegistry(place),
          (error) => error instanceof FileError && error.message.includes(place),
        );
        await assert.rejects(openRegistry(join(place, 'below')), { code: 'file/not-writable' });
      });
    } finally {
      chmodSync(place, 0o755);
    }
    assert.deepEqual(readdirSync(place).sort(), ['objects', 'registry.db']);
  },
);

test('a place for files that cannot be written leaves no version', posix, async () => {
  const place = newPlace();
  using registry = await openRegistry(place);
  writeFileSync(join(place, 'objects'), 'in the way');
  await assert.rejects(registry.register('house', a), (error) => error instanceof FileError);
  assert.deepEqual(registry.models(), []);
});

test('a disk that is full while a model is copied leaves neither version nor file', posix, async () => {
  const place = newPlace();
  const large = pathOf('large.heddle');
  const record = (await ridge().fit(rows, [1, 2, 4])).record();
  const padding = new Float64Array(500_000);
  await saveModel({ record: () => ({ ...record, summary: { ...record.summary, padding } }) }, large);
  (await openRegistry(place))[Symbol.dispose]();
  const program = `
    import { openRegistry } from ${JSON.stringify(new URL('./open-registry.ts', import.meta.url).href)};
    process.on('SIGXFSZ', () => {});
    const registry = await openRegistry(process.argv[1]);
    await registry.register('house', process.argv[2]).catch((error) => process.stdout.write(error.code));`;
  // 1 MiB at most for any file the child writes: as a full disk, met halfway.
  const { stdout } = spawnSync(
    'sh',
    [
      '-c',
      'ulimit -f 1024; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      program,
      place,
      large,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(stdout, 'file/too-large');
  using registry = await openRegistry(place);
  assert.deepEqual(registry.models(), []);
  const files = readdirSync(join(place, 'objects'), { recursive: true, withFileTypes: true });
  assert.deepEqual(
    files.filter((entry) => entry.isFile()),
    [],
  );
});

test('folders without a registry and databases of others are told apart', async () => {
  const place = newPlace();
  await assert.rejects(openRegistry(place, { access: 'read' }), {
    code: 'registry/not-found',
    message: /HEDDLE_REGISTRY/,
  });
  assert.ok(!existsSync(place), 'a reader makes no folder');
  mkdirSync(place);
  const { DatabaseSync } = await import('node:sqlite');
  const other = new DatabaseSync(join(place, 'registry.db'));
  other.exec('CREATE TABLE mine (a)');
  other.close();
  for (const access of ['read', 'write'] as const) {
    await assert.rejects(openRegistry(place, { access }), { code: 'registry/not-a-registry' });
  }
  writeFileSync(
    join(place, 'registry.db'),
    'no database at all, but long enough to look like the header of one '.repeat(20),
  );
  await assert.rejects(
    openRegistry(place),
    (error) => error instanceof FileError && /registry\.db/.test(error.message),
  );
});

test('a registry of a newer heddle is refused, and left as it is', async () => {
  const place = newPlace();
  (await openRegistry(place))[Symbol.dispose]();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(place, 'registry.db'));
  database.exec('PRAGMA user_version = 2');
  database.close();
  for (const access of ['read', 'write'] as const) {
    await assert.rejects(openRegistry(place, { access }), {
      code: 'registry/newer',
      message: /Upgrade heddle/,
    });
  }
});

test('a registry that is copied or moved as a folder is the same registry', async () => {
  const place = newPlace();
  {
    using registry = await openRegistry(place);
    await registry.register('house', a);
  }
  const moved = newPlace();
  cpSync(place, moved, { recursive: true });
  rmSync(place, { recursive: true });
  using registry = await openRegistry(moved);
  assert.equal((await registry.load('house@1')).model.kind, 'regressor');
});

test('a file that is pruned while it is registered again is put again', async () => {
  using registry = await openRegistry(newPlace());
  const removals: Promise<unknown>[] = [];
  for (let i = 0; i < 30; i++) {
    const made = registry.register('house', a);
    removals.push(registry.prune());
    registry.remove('house', (await made).version);
  }
  await Promise.all(removals);
  const { version } = await registry.register('house', a);
  assert.equal((await registry.load(`house@${version}`)).model.kind, 'regressor');
});

test('a watch tells of every move of its reference once, whoever moved it', async (t) => {
  const place = newPlace();
  using registry = await openRegistry(place);
  for (const file of [a, b, a]) await registry.register('house', file);
  const seen: number[] = [];
  const errors: unknown[] = [];
  const end = new AbortController();
  t.mock.timers.enable({ apis: ['setInterval'] });
  const look = () => t.mock.timers.tick(50);
  using _watch = watchAlias(registry, 'house', ({ version }) => seen.push(version), {
    ...{ current: 2, intervalMs: 50, signal: end.signal },
    onError: (error) => errors.push(error),
  });
  look();
  assert.deepEqual(seen, [3]);
  look();
  // Another connection, as of another process.
  using other: Registry = await openRegistry(place);
  other.setAlias('house', 'champion', 1);
  look();
  look();
  assert.deepEqual(seen, [3, 1]);
  // Its own.
  registry.setAlias('house', 'champion', 2);
  look();
  assert.deepEqual(seen, [3, 1, 2]);
  other.setTags('house', 2, { a: 'b' });
  look();
  assert.deepEqual(seen, [3, 1, 2]);
  end.abort();
  other.setAlias('house', 'champion', 3);
  look();
  assert.deepEqual(seen, [3, 1, 2]);
  assert.deepEqual(errors, []);
});

test('a watch of an alias that goes away says so once and sees it come back', async (t) => {
  using registry = await openRegistry(newPlace());
  for (const file of [a, b]) await registry.register('house', file);
  registry.setAlias('house', 'live', 1);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const seen: number[] = [];
  const errors: string[] = [];
  using _watch = watchAlias(registry, 'house@live', ({ version }) => seen.push(version), {
    intervalMs: 50,
    onError: (error) => errors.push((error as OptionError).code),
  });
  registry.removeAlias('house', 'live');
  for (let i = 0; i < 3; i++) t.mock.timers.tick(50);
  assert.deepEqual(errors, ['registry/unknown-alias']);
  registry.setAlias('house', 'live', 2);
  t.mock.timers.tick(50);
  assert.deepEqual(seen, [2]);
  refuses(() => watchAlias(registry, 'house@other', () => {}), 'registry/unknown-alias');
});
