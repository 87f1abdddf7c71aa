import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ridge } from '../../models/ridge/ridge.ts';
import { saveModel } from '../../store/model-file.ts';
import { csv, folderOf, heddle } from '../run.fixture.ts';

const table = { a: [1, 2, 3, 4], b: [1, 0, 2, 1], y: [2, 3, 5, 7] };

/** A folder with two models, and the command with `--registry` of it. */
async function setUp(t: TestContext) {
  const folder = folderOf(t);
  const names = ['one.heddle', 'two.heddle'];
  for (const [i, name] of names.entries()) {
    const x = table.a.map((a, row) => ({ a, b: table.b[row]! }));
    await saveModel(await ridge({ alpha: i + 1 }).fit(x, table.y), folder.path(name));
  }
  const registry = folder.path('registry');
  const [one, two] = names.map(folder.path) as [string, string];
  const run = (...argv: string[]) => heddle(...argv, '--registry', registry);
  return { ...folder, one, two, registry, run };
}

test('models are registered, listed, shown, moved and taken away from the command line', async (t) => {
  const { one, two, run, path } = await setUp(t);
  const first = await run(
    'registry',
    'register',
    'house',
    one,
    '--alias',
    'champion',
    '--tag',
    'stage=trial',
    '--note',
    'first',
  );
  assert.equal(first.stdout, 'registered house@1 (ridge, champion)\n');
  assert.equal((await run('registry', 'register', 'house', two, '--json')).json.version, 2);
  const lines = (await run('registry', 'list')).stdout.split('\n');
  assert.match(lines[0]!, /^name +versions +newest +registered \(UTC\) +model +aliases$/);
  assert.match(lines[1]!, /^house +2 +2 +\d{4}-\d\d-\d\d \d\d:\d\d +ridge +champion 1$/);
  assert.equal((await run('registry', 'list', '--json')).json.models[0].aliases.champion, 1);
  assert.deepEqual(
    (await run('registry', 'list', 'house', '--json')).json.versions.map(
      ({ version }: { version: number }) => version,
    ),
    [2, 1],
  );
  assert.match((await run('registry', 'list', 'house')).stdout, / 1 .* champion .* first\n/);
  const shown = (await run('registry', 'show', 'house')).stdout;
  assert.match(shown, /^model +house@1 \(ridge\)\n/);
  assert.match(shown, /\ntags +stage trial\n/);
  assert.equal((await run('registry', 'show', 'house@2', '--json')).json.version, 2);
  assert.equal(
    (await run('registry', 'alias', 'house', 'champion', '2', '--expect', '1', '--reason', 'better')).stdout,
    'house@champion is version 2\n',
  );
  const late = await run('registry', 'alias', 'house', 'champion', '1', '--expect', '1');
  assert.equal(late.code, 1);
  assert.match(late.stderr, /points to version 2, not to version 1/);
  assert.match((await run('registry', 'history', 'house')).stdout, /champion moved from 1 to 2 +better\n/);
  assert.equal((await run('registry', 'history', 'house', '--json')).json.events.length, 4);
  assert.equal(
    (await run('registry', 'tag', 'house@2', '--set', 'a=b=c', '--remove', 'x')).stdout,
    'house@2: a=b=c\n',
  );
  assert.deepEqual((await run('registry', 'tag', 'house@2', '--remove', 'a', '--json')).json.tags, {});
  await run('registry', 'export', 'house@champion', path('out.heddle'));
  assert.deepEqual(readFileSync(path('out.heddle')), readFileSync(two));
  assert.match((await run('registry', 'delete', 'house', '2')).stderr, /'champion' points to it/);
  assert.match((await run('registry', 'delete', 'house', '1', '--reason', 'old')).stdout, /^house@1 is gone/);
  assert.equal((await run('registry', 'prune', '--json')).json.files, 1);
  assert.equal(
    (await run('registry', 'alias', 'house', 'champion', '--remove')).stdout,
    'house@champion is gone\n',
  );
});

test('verify exits with 1 and names the versions of a damaged file', async (t) => {
  const { one, run } = await setUp(t);
  await run('registry', 'register', 'house', one);
  const good = await run('registry', 'verify');
  assert.equal(good.code, 0);
  assert.match(good.stdout, /^1 file, .*: all good\n$/);
  const { file } = (await run('registry', 'show', 'house', '--json')).json;
  writeFileSync(file, 'x');
  const bad = await run('registry', 'verify');
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /^changed: house@1 \([0-9a-f]{64}\)\n1 file.*: 1 file missing or changed\n$/);
  assert.equal((await run('registry', 'verify', '--json')).json.faults.length, 1);
});

test('commands take a model of the registry where they take a file, and a file goes first', async (t) => {
  const { one, two, run, file, path, registry } = await setUp(t);
  const data = file('data.csv', csv(table));
  await run('registry', 'register', 'house', one);
  await run('registry', 'register', 'house', two);
  const predicted = async (model: string) => (await run('predict', model, data, '--json')).json.predictions;
  const [first, second] = [await predicted(one), await predicted(two)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(await predicted('house'), second);
  assert.deepEqual(await predicted('house@1'), first);
  assert.deepEqual(await predicted('registry:house@latest'), second);
  assert.equal((await run('evaluate', 'house@1', data, '--target', 'y', '--json')).json.rows.evaluated, 4);
  // From the environment where no flag says it; a file of that name goes first.
  const before = [process.env.HEDDLE_REGISTRY, process.cwd()] as const;
  process.env.HEDDLE_REGISTRY = registry;
  process.chdir(path('.'));
  try {
    writeFileSync('house', readFileSync(one));
    const json = async (model: string) => (await heddle('predict', model, data, '--json')).json.predictions;
    assert.deepEqual(await json('house'), first);
    assert.deepEqual(await json('registry:house'), second);
  } finally {
    process.chdir(before[1]);
    if (before[0] === undefined) delete process.env.HEDDLE_REGISTRY;
    else process.env.HEDDLE_REGISTRY = before[0];
  }
});

test('a model that is neither file nor reference is explained', async (t) => {
  const { one, run, file, path } = await setUp(t);
  const data = file('data.csv', csv(table));
  const fails = async (model: string, message: RegExp) => {
    const { code, stderr } = await run('predict', model, data);
    assert.equal(code, 1);
    assert.match(stderr, message);
  };
  await fails('house@champion', /no such file, and no registry in/);
  await fails('house.heddle', /'house\.heddle': there is no such file, and no registry in '.*registry'/);
  await fails('registry:house', /There is no registry here/);
  await run('registry', 'register', 'house', one);
  const both = (name: string) =>
    `'${name}': there is no such file, and no such model in the registry '.*registry'`;
  await fails('hause', new RegExp(`${both('hause')}\\. Did you mean 'house'\\?`));
  await fails('hause@1', new RegExp(`${both('hause@1')}\\. Did you mean 'house'\\?`));
  await fails('house.heddle', new RegExp(`${both('house.heddle')}\\. Did you mean 'house'\\?`));
  await fails('customers', new RegExp(`${both('customers')}\\. It has house\\.`));
  for (const argv of [
    ['serve', 'hause'],
    ['export', 'hause', '--onnx', path('m.onnx')],
    ['evaluate', 'hause', data],
  ])
    assert.match((await run(...argv)).stderr, /no such model in the registry .* Did you mean 'house'\?/);
  const monitored = await run('monitor', 'hause', '--data', data);
  assert.match(monitored.stderr, /no such model in the registry .* Did you mean 'house'\?/);
  await fails('house@9', /has no version 9/);
  await fails(join(path('.'), '..', 'house@1'), /there is no such file/);
  await fails('registry:../house', /cannot be the name/);
});

test('the help of the group and of its commands is found in every usual way', async () => {
  for (const argv of [['registry'], ['help', 'registry'], ['registry', '--help'], ['registry', '-h']]) {
    const { code, stdout } = await heddle(...argv);
    assert.equal(code, 0);
    assert.match(stdout, /Usage: heddle registry COMMAND.*\n(.*\n)*.* register +Add a model file/);
  }
  for (const argv of [
    ['help', 'registry', 'alias'],
    ['registry', 'alias', '--help'],
    ['registry', 'alias', 'x', '-h'],
  ]) {
    assert.match(
      (await heddle(...argv)).stdout,
      /Usage: heddle registry alias NAME ALIAS \[VERSION\] \[flags\]/,
    );
  }
});

test('misuse of the group is explained', async (t) => {
  const { run, one } = await setUp(t);
  const fails = async (argv: string[], message: RegExp) => {
    const { code, stdout, stderr } = await run(...argv);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, message);
  };
  await fails(
    ['registry', 'lst'],
    /no command 'registry lst'. Did you mean 'list'\? Commands: list, register/,
  );
  await fails(['registry'], /no flag '--registry' before the command after 'registry'/);
  await fails(['registry', 'list'], /There is no registry here/);
  await fails(
    ['registry', 'register', 'house'],
    /registry register needs FILE. Usage: heddle registry register NAME FILE/,
  );
  await fails(['registry', 'register', 'house', one, '--tag', 'x'], /--tag takes KEY=VALUE/);
  await run('registry', 'register', 'house', one);
  await fails(['registry', 'alias', 'house', 'champion'], /either a VERSION or --remove/);
  await fails(['registry', 'alias', 'house', 'champion', '1', '--remove'], /either a VERSION or --remove/);
  await fails(['registry', 'alias', 'house', 'champion', 'v1'], /whole number/);
  await fails(['registry', 'alias', 'house', 'x', '--remove', '--expect', '1'], /--expect is for setting/);
  await fails(['registry', 'tag', 'house'], /needs --set KEY=VALUE or --remove/);
  await fails(['registry', 'delete', 'house', '0'], /whole number/);
});
