import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { Matrix } from '../../core/matrix.ts';
import type { FittedModel } from '../../define/fitted.ts';
import { makeEnvironment } from '../../environments/make-environment.ts';
import { makeEnvironment as corridor } from '../../environments/policy/corridor.fixture.ts';
import { drawLearningCurve } from '../../environments/policy/draw-learning-curve.ts';
import { timeLimit } from '../../environments/wrappers/time-limit.ts';
import { loadModel, saveModel } from '../../store/model-file.ts';
import { exportOnnx } from '../../tensor/onnx/export-onnx.ts';
import { openOnnxSession } from '../../tensor/onnx/onnx-session.ts';
import { tableFeeds } from '../../tensor/onnx/table-feeds.ts';
import { drawQTable } from './draw-q-table.ts';
import { qLearning } from './q-learning.ts';

const module = new URL('../../environments/policy/corridor.fixture.ts', import.meta.url).href;
const quick = { episodes: 300, evaluations: 4, evaluationEpisodes: 10, finalEpisodes: 10 };

test('the same seed gives the same bits on a worker thread and on the own one, another seed others', async () => {
  const options = { epsilon: 0.5, randomState: 3 };
  const byName = await qLearning(options).learn('FrozenLake-v1', quick);
  const again = await qLearning(options).learn('FrozenLake-v1', quick);
  assert.deepEqual(again.state, byName.state);
  // A wrapped environment has no reference and stays here; its name and options are all that differ.
  const here = await qLearning(options).learn(timeLimit(makeEnvironment('FrozenLake-v1'), 100), quick);
  assert.deepEqual(here.learning.curve, byName.learning.curve);
  assert.deepEqual(here.qTable, byName.qTable);
  const other = await qLearning({ ...options, randomState: 4 }).learn('FrozenLake-v1', quick);
  assert.notDeepEqual(other.qTable, byName.qTable);
});

test('learning that is stopped and goes on from a checkpoint gives the bits of one that was not', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-q-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const cases = [
    { options: {}, budget: { episodes: 400 } },
    { options: { algorithm: 'double-q-learning', nSteps: 3 }, budget: { steps: 9000 } },
    {
      options: { algorithm: 'sarsa', learningRateSchedule: 'linear', learningRate: 0.4 },
      budget: { episodes: 400 },
    },
  ] as const;
  for (const { options, budget } of cases) {
    const specification = qLearning({ ...options, randomState: 5 });
    const how = { ...budget, evaluations: 8, evaluationEpisodes: 10, finalEpisodes: 20 };
    const undisturbed = await specification.learn('FrozenLake-v1', how);
    const controller = new AbortController();
    const path = join(folder, 'checkpoint.heddle');
    let checkpoints = 0;
    const stopped = specification.learn('FrozenLake-v1', {
      ...how,
      signal: controller.signal,
      async onCheckpoint(policy: FittedModel) {
        if (++checkpoints > 3) return;
        await saveModel(policy, path);
        if (checkpoints === 3) controller.abort();
      },
    });
    await assert.rejects(stopped, { code: 'job/aborted' });
    const checkpoint = await loadModel(path);
    const resumed = await specification.learn('FrozenLake-v1', { ...how, from: checkpoint });
    assert.deepEqual(resumed.state, undisturbed.state);
    assert.ok(undisturbed.learning.steps > (checkpoint as unknown as typeof resumed).learning.steps);
  }
});

test('a saved policy predicts the same, row by row and for tables', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'heddle-q-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const model = await qLearning().learn('Taxi-v3', quick);
  await saveModel(model, join(folder, 'taxi.heddle'));
  const loaded = await loadModel(join(folder, 'taxi.heddle'));
  assert.equal(loaded.kind, 'classifier');
  assert.deepEqual(loaded.state, model.state);
  const x = Matrix.fromRows(
    Array.from({ length: 500 }, (_, state) => [state]),
    ['state'],
  );
  const actions = await model.predict(x);
  assert.deepEqual(actions, Array.from(model.policy));
  assert.deepEqual(await (loaded as typeof model).predict(x), actions);
  assert.deepEqual((await model.decisionFunction(x)).data, model.qTable.data);
  assert.equal(model.predictRow([123]), actions[123]);
  assert.equal(model.predictRow({ state: 123 }), actions[123]);
  await assert.rejects(model.predict([[500]]), { code: 'data/unknown-state', message: /Row 0 is 500/ });
  await assert.rejects(model.predict([[1.5]]), { code: 'data/unknown-state' });
});

for (const [name, options] of [
  ['Taxi-v3', {}],
  ['CartPole-v1', { bins: [3, 4, 6, 5] }],
  ['Blackjack-v1', {}],
  ['MountainCar-v0', { bins: 7 }],
] satisfies [string, Parameters<typeof qLearning>[0]][]) {
  test(`the ONNX graph of a policy of ${name} acts as it does`, async () => {
    const model = await qLearning(options).learn(name, { ...quick, episodes: 60 });
    const environment = makeEnvironment(name);
    const rows: number[][] = [];
    environment.reset({ seed: 9 });
    for (let k = 0; k < 200; k++) {
      const observation = environment.reset();
      rows.push(typeof observation === 'number' ? [observation] : [...observation]);
      const after = environment.step(k % 2).observation;
      rows.push(typeof after === 'number' ? [after] : [...after]);
    }
    // Numbers beyond the bins fall in the last ones.
    if (name === 'CartPole-v1') rows.push([-100, 100, -100, 100], [100, -100, 100, -100]);
    const x = Matrix.fromRows(rows, model.schema.names);
    const { bytes, inputs } = await exportOnnx(model);
    const session = await openOnnxSession(bytes);
    const { label, scores } = await session.run(tableFeeds(inputs, x));
    assert.deepEqual(Array.from(label!.data as BigInt64Array, Number), await model.predict(x));
    assert.deepEqual(
      Array.from(scores!.data as Float64Array),
      Array.from((await model.decisionFunction(x)).data),
    );
  });
}

test('an environment of a module learns on a worker thread, one that is an object on the own', async () => {
  const options = { bins: 8, gamma: 0.95 };
  const far = await qLearning(options).learn(
    { module, name: 'makeEnvironment', options: { length: 5 } },
    quick,
  );
  const near = await qLearning(options).learn(corridor({ length: 5 }), quick);
  assert.deepEqual(far.qTable, near.qTable);
  assert.deepEqual(far.schema.names, ['place', 'square']);
  assert.equal(far.learning.environment!.module, module);
  assert.equal(near.learning.environment, null);
  // Five steps on, four of them at −0.01.
  assert.ok(Math.abs(far.learning.evaluation!.meanReturn - 0.96) < 1e-9);
});

test('learning on the own thread gives way to the event loop', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  await qLearning({ bins: 8 }).learn(corridor(), { steps: 150_000, evaluations: 0 });
  clearInterval(timer);
  assert.ok(ticks > 2, `${ticks} ticks`);
});

test('an environment that breaks its word fails the learning by name, wherever it runs', async () => {
  const faults = {
    nan: { code: 'environment/not-finite', message: /corridor after step \d+: the observation has NaN/ },
    shape: { code: 'environment/observation-shape', message: /1 long/ },
    reward: { code: 'environment/reward', message: /Infinity/ },
    throws: { code: 'environment/threw', message: /the lamp broke/ },
  } as const;
  for (const [fault, expected] of Object.entries(faults)) {
    const options = { fault } as { fault: 'nan' };
    await assert.rejects(qLearning().learn(corridor(options), quick), expected);
    await assert.rejects(qLearning().learn({ module, name: 'makeEnvironment', options }, quick), expected);
  }
});

test('an environment without end is cut off with a warning', async () => {
  const warnings: string[] = [];
  const model = await qLearning({ bins: 4 }).learn(corridor({ fault: 'endless' }), {
    ...{ episodes: 5, evaluations: 1, evaluationEpisodes: 2, finalEpisodes: 2, maxEpisodeSteps: 50 },
    onWarning: ({ code }) => warnings.push(code),
  });
  assert.deepEqual(warnings, ['environment/endless']);
  assert.equal(model.learning.steps, 250);
  assert.equal(model.summary.warnings.length, 1);
});

test('what does not suit is refused before anything is learned', async () => {
  await assert.rejects(qLearning().learn('Pendulum-v1'), { code: 'model/unfit-actions' });
  await assert.rejects(qLearning().learn('Taxi-v5'), { code: 'environment/unknown' });
  await assert.rejects(qLearning().learn({ module, name: 'nothing' }), { code: 'environment/not-exported' });
  await assert.rejects(qLearning({ bins: 5000 }).learn('MountainCar-v0'), { code: 'model/too-many-states' });
  await assert.rejects(qLearning({ bins: [5] }).learn('MountainCar-v0'), { code: 'option/invalid' });
  await assert.rejects(qLearning().learn('Taxi-v3', { steps: 0 }), { code: 'option/invalid' });
  await assert.rejects(qLearning().learn('Taxi-v3', { setps: 5 } as never), { code: 'option/unknown' });
  const taxi = await qLearning().learn('Taxi-v3', { ...quick, episodes: 2 });
  await assert.rejects(qLearning({ gamma: 0.5 }).learn('Taxi-v3', { from: taxi }), {
    code: 'option/invalid',
    message: /of the same options/,
  });
  await assert.rejects(qLearning().learn('FrozenLake-v1', { from: taxi }), {
    code: 'model/other-environment',
  });
  assert.throws(() => qLearning({ epsilon: 2 }), { code: 'option/invalid' });
  // @ts-expect-error A policy has no fit.
  assert.equal(qLearning().fit, undefined);
  await assert.rejects(async () => qLearning().definition.fit({} as never, {} as never, {} as never), {
    code: 'model/learns-from-environment',
  });
});

test('an abort stops the learning', async () => {
  const controller = new AbortController();
  const learning = qLearning().learn('Taxi-v3', {
    steps: 1e9,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await assert.rejects(learning, { code: 'job/aborted' });
});

test('the table is drawn with arrows for a grid, as bins for two numbers, and refused otherwise', async () => {
  const lake = await qLearning().learn('FrozenLake-v1', quick);
  const svg = drawQTable(lake, makeEnvironment('FrozenLake-v1').grid);
  const { document } = parseHTML(svg);
  const visited = new Set(
    Array.from(lake.visits.keys())
      .filter((k) => lake.visits[k]! > 0)
      .map((k) => k >> 2),
  );
  assert.equal(document.querySelectorAll('path.arrow').length, visited.size);
  assert.match(document.querySelector('title')!.textContent!, /FrozenLake-v1/);
  const car = await qLearning({ bins: 6 }).learn('MountainCar-v0', { ...quick, episodes: 5 });
  assert.equal(parseHTML(drawQTable(car)).document.querySelectorAll('rect').length, 36);
  const pole = await qLearning({ bins: 3 }).learn('CartPole-v1', { ...quick, episodes: 5 });
  assert.throws(() => drawQTable(pole), { code: 'draw/no-grid' });
  assert.match(await drawLearningCurve(lake.learning), /^<svg/);
});
