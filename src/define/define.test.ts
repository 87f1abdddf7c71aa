import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { restoreModel } from './factory.ts';
import { asked, mean, mode } from './models.fixture.ts';

const x = [
  [1, 2],
  [3, 4],
  [5, 6],
];

test('a fit on worker threads returns a model with attributes and predictions', async () => {
  const model = await mean({ shift: 1 }).fit(x, [1, 2, 6]);
  assert.deepEqual([...model.means], [4]);
  assert.deepEqual([...(await model.predict([[0, 0]]))], [4]);
  assert.equal(model.predictRow([0, 0]), 4);
  assert.equal(model.summary.rows, 3);
});

test('writing to an attribute changes no prediction', async () => {
  const model = await mean().fit(x, [1, 2, 6]);
  model.means.fill(77);
  assert.deepEqual([...(await model.predict([[0, 0]]))], [3]);
});

test('several targets give predictions as a matrix', async () => {
  const model = await mean().fit(x, [
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  const predicted = await model.predict([
    [0, 0],
    [1, 1],
  ]);
  assert.ok(predicted instanceof Matrix);
  assert.deepEqual(predicted.toRows(), [
    [2, 20],
    [2, 20],
  ]);
});

test('sample weights count', async () => {
  const model = await mean().fit(x, [1, 2, 6], { sampleWeight: [1, 0, 1] });
  assert.deepEqual([...model.means], [3.5]);
});

test('labels come back in the type they had', async () => {
  const text = await mode().fit(x, ['猫', '狗', '猫']);
  const predicted: string[] = await text.predict(x);
  assert.deepEqual(predicted, ['猫', '猫', '猫']);
  assert.deepEqual(text.classes, ['狗', '猫']);
  const flags = await mode().fit(x, [true, false, false]);
  assert.equal(flags.predictRow([1, 1]), false);
  assert.deepEqual((await flags.predictProba([[1, 1]])).toRows(), [[2 / 3, 1 / 3]]);
});

test('columns are matched by name, whatever their order', async () => {
  const frame = Frame.fromColumns({ a: [1, 2, 3], b: [4, 5, 6] });
  const model = await mean().fit(frame, [1, 2, 3]);
  assert.equal((await model.predict([{ b: 1, extra: 'x', a: 2 }])).length, 1);
  await assert.rejects(model.predict([{ a: 2 }]), { code: 'data/missing-column', message: /'b'/ });
  await assert.rejects(model.predict([[1, 2, 3]]), { code: 'data/column-count' });
});

test('bad input is an error that names the place', async () => {
  const fit = mean().fit;
  await assert.rejects(fit(x, [1, 2]), { code: 'data/length-mismatch', message: /2 rows, but x has 3/ });
  await assert.rejects(fit(x, [1, Number.NaN, 3]), { code: 'data/bad-target', message: /Row 1/ });
  await assert.rejects(fit([[1], [Number.NaN]], [1, 2]), {
    code: 'data/missing-value',
    message: /Column 0 .*row 1/,
  });
  await assert.rejects(fit([{ a: 1 }, { a: Number.POSITIVE_INFINITY }], [1, 2]), {
    code: 'data/infinite-value',
    message: /Column 'a'/,
  });
  await assert.rejects(fit([{ a: 'x' }], [1]), { code: 'data/not-a-number', message: /Column 'a'.*"x"/ });
  await assert.rejects(fit([], []), { code: 'data/no-rows' });
  await assert.rejects(fit(x, [1, 2, 3], { sampleWeight: [1, -1, 1] }), {
    code: 'data/bad-weight',
    message: /row 1/,
  });
  await assert.rejects(mode().fit(x, ['a', 'a', 'a']), { code: 'data/one-class' });
  await assert.rejects(mode().fit(x, ['a', 'b', 'a'], { sampleWeight: [1, 1, 1] }), {
    code: 'option/unsupported',
  });
  assert.throws(() => mean.from({ shfit: 1 }), { code: 'option/unknown', message: /'shift'/ });
  assert.throws(() => mean({ shift: Number.NaN }), {
    code: 'option/invalid',
    message: /'shift' cannot be NaN/,
  });
});

test('an error in a worker reaches the caller', async () => {
  await assert.rejects(mean({ misbehave: 'throw' }).fit(x, [1, 2, 3]), /the fit is out of range/);
  await assert.rejects(mean({ misbehave: 'trap' }).fit(x, [1, 2, 3], { threads: 2 }), {
    code: 'job/kernel-failed',
  });
  await assert.rejects(mean({ misbehave: 'exit' }).fit(x, [1, 2, 3]), {
    code: 'job/crashed',
    message: /code 7/,
  });
  assert.deepEqual([...(await mean().fit(x, [1, 2, 3])).means], [2]);
});

test('warnings are kept with the model', async () => {
  const seen: string[] = [];
  const model = await mean({ misbehave: 'warn' }).fit(x, [1, 2, 3], {
    onWarning: ({ code }) => seen.push(code),
  });
  assert.deepEqual([seen, model.summary.warnings], [['mean/odd'], ['Something is odd.']]);
});

test('progress is reported up to 1', async () => {
  const seen: number[] = [];
  await mean({ rounds: 30 }).fit(x, [1, 2, 3], { onProgress: ({ fraction }) => seen.push(fraction) });
  assert.ok(seen.length >= 2);
  assert.equal(seen.at(-1), 1);
});

for (const misbehave of ['no', 'spin'] as const) {
  test(`abort ends a fit of 10 seconds (${misbehave === 'no' ? 'at a checkpoint' : 'by force'})`, async () => {
    const abort = new AbortController();
    const fit = mean({ rounds: 2000, misbehave }).fit(x, [1, 2, 3], { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort.abort();
    // A fit that did not stop would succeed in the end.
    await assert.rejects(fit, { code: 'job/aborted' });
  });
}

test('a function of the user is called on its own thread', async () => {
  const calls: number[] = [];
  const answer = async (rows: number) => calls.push(rows) * 42;
  const model = await asked({ answer }).fit(x, [1, 2, 3]);
  assert.deepEqual(calls, [3]);
  assert.equal((await model.predict([[1, 1]]))[0], 42);
  assert.deepEqual(JSON.parse(JSON.stringify(model.specification)), {
    $model: 'asked',
    options: { answer: { $function: 'answer' } },
  });
});

test('a record restores the model', async () => {
  const model = await mode().fit(x, ['b', 'a', 'b']);
  const record = model.record();
  const restored = await restoreModel(structuredClone(record), () => mode as never);
  assert.ok(restored.target.kind === 'classes');
  assert.deepEqual(await (restored as unknown as typeof model).predict(x), await model.predict(x));
});

test('200 fits in a row use the same threads', async () => {
  for (let i = 0; i < 200; i++) await mean().fit(x, [i, i, i], { threads: 2 });
  const handles = process
    .getActiveResourcesInfo()
    .filter((name) => name === 'MessagePort' || name === 'Worker');
  assert.ok(handles.length <= 8, handles.join());
});
