import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { csv, folderOf, heddle, houses } from './run.fixture.ts';

/** Every command that fails does so with code 1, nothing on stdout and one line on stderr that names the place. */
async function refused(message: RegExp, ...argv: string[]): Promise<void> {
  const { code, stdout, stderr } = await heddle(...argv);
  assert.equal(code, 1, stdout);
  assert.equal(stdout, '');
  const lines = stderr.split('\n').filter((line) => !line.startsWith('heddle: warning:'));
  assert.deepEqual(lines.length, 2, stderr);
  assert.match(lines[0]!, /^heddle: /);
  assert.match(lines[0]!, message);
  assert.doesNotMatch(lines[0]!, /unexpected/);
}

const ridge = ['--model', 'ridge'];

function rows(n: number): { area: number[]; rooms: number[]; price: number[] } {
  const area = Array.from({ length: n }, (_, i) => 50 + ((i * 37) % 90));
  const rooms = area.map((_, i) => 1 + (i % 4));
  return { area, rooms, price: area.map((a, i) => 3 * a + 10 * rooms[i]! + 0.5) };
}

async function model(t: TestContext) {
  const folder = folderOf(t);
  const path = folder.path('m.heddle');
  const { code, stderr } = await heddle(
    'train',
    folder.file('t.csv', csv(rows(30))),
    '--target',
    'price',
    '--model',
    'ridge',
    '--out',
    path,
  );
  assert.equal(code, 0, stderr);
  return { ...folder, model: path };
}

test('a target column that does not exist is named with the nearest one', async (t) => {
  const { file } = folderOf(t);
  const data = file('t.csv', csv(rows(30)));
  await refused(/no column 'pric'. Did you mean 'price'\?/, 'train', data, '--target', 'pric');
  await refused(
    /no column '售介'. Did you mean '售价'\?/,
    'train',
    file('h.csv', houses),
    '--target',
    '售介',
  );
  for (const flag of ['features', 'drop', 'weight', 'group', 'time', 'categorical']) {
    await refused(
      /no column 'aera'. Did you mean 'area'\?/,
      'train',
      data,
      '--target',
      'price',
      `--${flag}`,
      'aera',
    );
  }
});

test('a misspelt option is refused with the nearest one, and a value that does not fit with what would', async (t) => {
  const { file } = folderOf(t);
  const train = ['train', file('t.csv', csv(rows(30))), '--target', 'price', '--model', 'ridge'];
  await refused(/ridge has no option 'alhpa'. Did you mean 'alpha'\?/, ...train, '--set', 'alhpa=1');
  await refused(/option 'alpha' cannot be -1/, ...train, '--set', 'alpha=-1');
  await refused(/option 'alpha' cannot be "big"/, ...train, '--set', 'alpha=big');
  await refused(/--set takes NAME=VALUE/, ...train, '--set', 'alpha');
  await refused(/no flag '--test-sise'. Did you mean '--test-size'\?/, ...train, '--test-sise', '0.2');
  await refused(/testSize/, ...train, '--test-size', '1.5');
  await refused(/--problem is regression or classification, not 'guess'/, ...train, '--problem', 'guess');
  await refused(/seed/, ...train, '--seed', '-1');
});

test('an unknown model is refused with the nearest one', async (t) => {
  const { file } = folderOf(t);
  const data = file('t.csv', csv(rows(30)));
  await refused(
    /no model 'rigde'. Did you mean 'ridge'\?/,
    'train',
    data,
    '--target',
    'price',
    '--model',
    'rigde',
  );
  await refused(
    /no model 'zzz'. Models: .*linear-regression/,
    'train',
    data,
    '--target',
    'price',
    '--model',
    'zzz',
  );
  await refused(/date-parts predicts no target/, 'train', data, '--target', 'price', '--model', 'date-parts');
});

test('text in a numeric feature or target is named by column, row and cell', async (t) => {
  const { file } = folderOf(t);
  const table = rows(30);
  const area = table.area.map((value, i) => (i === 6 ? 'abc' : value));
  const bad = file('t.csv', csv({ ...table, area }));
  await refused(
    /Column 'area' holds numbers, but data row 7 holds "abc".*--categorical area/,
    'train',
    bad,
    '--target',
    'price',
  );
  const text = file('h.csv', houses.replace('120,2', '一百二,2'));
  await refused(
    /Column '面积' holds numbers, but data row 3 holds "一百二"/,
    'train',
    text,
    '--target',
    '售价',
  );
  await refused(/Column 'area' holds numbers, but data row 7 holds "abc"/, 'train', bad, '--target', 'area');
  const repaired = await heddle('train', bad, '--target', 'price', ...ridge, '--missing', 'abc', '--json');
  assert.equal(repaired.code, 0, repaired.stderr);
  await refused(
    /'--problem|holds text/,
    'train',
    file('n.csv', csv({ ...table, name: table.area.map((a) => `n${a % 3}`) })),
    '--target',
    'name',
    '--problem',
    'regression',
  );
});

test('an empty file, one with only a header and a ragged row are named by file and line', async (t) => {
  const { file } = folderOf(t);
  for (const command of [['train', '--target', 'price'], ['profile']]) {
    const [name, ...flags] = command as [string, ...string[]];
    await refused(/empty\.csv.*(?:empty|no )/i, name, file('empty.csv', ''), ...flags);
    await refused(/header\.csv.*row/, name, file('header.csv', 'area,price\n'), ...flags);
    await refused(
      /ragged\.csv.*line 3/i,
      name,
      file('ragged.csv', 'area,price\n1,2\n1,2,3\n4,5\n'),
      ...flags,
    );
  }
});

test('a file that does not exist, is a folder or in another encoding is named', async (t) => {
  const { file, path } = folderOf(t);
  await refused(/nowhere\.csv.*no such file/, 'train', path('nowhere.csv'), '--target', 'y');
  await refused(/it is a folder/, 'profile', path('.'));
  const utf16 = Buffer.from(`${houses}`, 'utf16le');
  await refused(/utf-?16/i, 'train', file('u.csv', utf16), '--target', '售价');
  const read = await heddle(
    'train',
    file('u.csv', utf16),
    '--encoding',
    'utf-16le',
    '--target',
    '售价',
    '--json',
  );
  assert.equal(read.code, 0, read.stderr);
});

test('a column without any value is left out and told, and refused as the target', async (t) => {
  const { file } = folderOf(t);
  const table = rows(30);
  const data = file('t.csv', csv({ ...table, empty: table.area.map(() => '') }));
  const { json } = await heddle('train', data, '--target', 'price', ...ridge, '--json');
  assert.deepEqual(json.leftOut, [{ name: 'empty', role: 'empty', reason: 'has no value in any row' }]);
  await refused(/target 'empty' is missing in all 30 rows/, 'train', data, '--target', 'empty');
  await refused(
    /No column is left to learn from: 'empty' has no value/,
    'train',
    data,
    '--target',
    'price',
    '--features',
    'empty',
  );
});

test('one row cannot be divided, two can', async (t) => {
  const { file } = folderOf(t);
  await refused(
    /The table has 1 row with a target 'price'/,
    'train',
    file('one.csv', csv(rows(1))),
    '--target',
    'price',
  );
  const { json } = await heddle('train', file('two.csv', csv(rows(2))), '--target', 'price', '--json');
  assert.deepEqual(json.rows, { train: 1, test: 1, dropped: 0 });
});

test('an infinity is named by column and row, a NaN is a missing value', async (t) => {
  const { file } = folderOf(t);
  const table = rows(30);
  const at = (values: number[], cell: string) => values.map((value, i) => (i === 4 ? cell : value));
  const infinite = file('inf.csv', csv({ ...table, area: at(table.area, 'Infinity') }));
  await refused(/'area'.*(?:Infinity|data row 5)/, 'train', infinite, '--target', 'price');
  const target = file('y.csv', csv({ ...table, price: at(table.price, '-inf') }));
  await refused(
    /'price'.*(?:Infinity|-inf).*row 5|'price'.*data row 5/,
    'train',
    target,
    '--target',
    'price',
  );
  const { json } = await heddle(
    'train',
    file('nan.csv', csv({ ...table, area: at(table.area, 'NaN') })),
    '--target',
    'price',
    ...ridge,
    '--json',
  );
  assert.equal(json.rows.dropped, 0);
  const nanTarget = file('ny.csv', csv({ ...table, price: at(table.price, 'NaN') }));
  assert.equal(
    (await heddle('train', nanTarget, '--target', 'price', ...ridge, '--json')).json.rows.dropped,
    1,
  );
});

test('a target with one class, or with a class for every row, is refused by name', async (t) => {
  const { file } = folderOf(t);
  const table = rows(30);
  const same = file('same.csv', csv({ ...table, kind: table.area.map(() => 'a') }));
  await refused(/target 'kind' has the same value in all 30 rows/, 'train', same, '--target', 'kind');
  const own = file('own.csv', csv({ ...table, kind: table.area.map((_, i) => `k${i}`) }));
  await refused(/own class in the target 'kind'/, 'train', own, '--target', 'kind');
});

test('a column cannot have two tasks', async (t) => {
  const { file } = folderOf(t);
  const train = ['train', file('t.csv', csv(rows(30))), '--target', 'price'];
  await refused(/'price' cannot be both target and feature/, ...train, '--features', 'area,price');
  await refused(
    /'area' cannot be both dropped column and feature/,
    ...train,
    '--features',
    'area',
    '--drop',
    'area',
  );
  await refused(/'price' cannot be both target and weight/, ...train, '--weight', 'price');
  await refused(/Only classes can be stratified/, ...train, '--stratify');
});

test('columns that predict needs and the table lacks are named, and a column of another kind', async (t) => {
  const { model: path, file } = await model(t);
  const { rooms, area } = rows(5);
  await refused(/column 'area', which x does not have/, 'predict', path, file('p.csv', csv({ rooms })));
  await refused(/columns 'area', 'rooms'/, 'predict', path, file('q.csv', csv({ size: rooms })));
  await refused(/'area'/, 'predict', path, file('r.csv', csv({ rooms, area: area.map(() => 'big') })));
  await refused(/no column 'price'/, 'evaluate', path, file('s.csv', csv({ rooms, area })));
});

test('a model file that is truncated, tampered with, foreign or absent is refused by name', async (t) => {
  const { model: path, file, path: at } = await model(t);
  const data = file('p.csv', csv(rows(5)));
  const bytes = readFileSync(path);
  await refused(/cut\.heddle/, 'predict', file('cut.heddle', bytes.subarray(0, bytes.length - 9)), data);
  const changed = Buffer.from(bytes);
  changed[changed.length - 3]! ^= 1;
  await refused(/changed\.heddle.*(?:checksum|damaged)/, 'predict', file('changed.heddle', changed), data);
  await refused(/foreign\.heddle/, 'evaluate', file('foreign.heddle', 'not a model at all, only text'), data);
  await refused(/none\.heddle.*no such file/, 'predict', at('none.heddle'), data);
});

test('an output that cannot be written is refused before the work', async (t) => {
  const { model: path, file, path: at } = await model(t);
  const data = file('p.csv', csv(rows(30)));
  mkdirSync(at('folder'));
  for (const command of [
    ['train', data, '--target', 'price'],
    ['predict', path, data],
  ]) {
    await refused(
      /nowhere\/out.*folder it should go into does not exist/,
      ...command,
      '--out',
      at('nowhere/out'),
    );
    await refused(/folder'.*it is a folder/, ...command, '--out', at('folder'));
    await refused(/t\.csv\/out/, ...command, '--out', at('t.csv/out'));
  }
});
