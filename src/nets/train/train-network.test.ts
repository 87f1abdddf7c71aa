import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { Team } from '../../kernels/host/team.ts';
import { adam } from '../optimizers/optimizers.ts';
import type { TrainingProblem } from './open-trainer.ts';
import { trainNetwork } from './train-network.ts';

const folder = await mkdtemp(join(tmpdir(), 'heddle-checkpoint-'));
after(() => rm(folder, { recursive: true }));

const team = new Team(1);
const said: string[] = [];

function jobOf(checkpoint = () => {}): Job {
  team.arena.release();
  const progress = (_: number, message?: string) => void said.push(message ?? '');
  return {
    threads: 1,
    team,
    checkpoint,
    progress,
    warn: () => {},
    call: () => Promise.reject(new Error('none')),
  };
}

function problemOf(seed = 0): TrainingProblem {
  const random = new RandomState(4);
  const data = random.standardNormal(60 * 3) as Float64Array;
  const x = new Matrix({ rows: 60, columns: 3, data });
  const target = Float64Array.from({ length: 60 }, (_, i) => Math.sin(data[3 * i]!) + data[3 * i + 1]!);
  return {
    network: {
      inputShape: [3],
      layers: [
        { kind: 'dense', units: 8 },
        { kind: 'activation', function: 'relu' },
        { kind: 'dropout', rate: 0.2 },
        { kind: 'dense', units: 1 },
      ],
    },
    ...{ x, target, loss: { kind: 'squaredError' }, optimizer: adam(0.01), batchSize: 7 },
    ...{ random: new RandomState(seed), drawSeed: seed },
  };
}

const options = { maxIter: 12, nIterNoChange: null };

test('a training killed at any step and resumed from its checkpoint ends with the same bits', async () => {
  const whole = await trainNetwork(jobOf(), problemOf(), options);
  for (let attempt = 0; attempt < 5; attempt++) {
    const file = join(folder, `killed-${attempt}`);
    let steps = 0;
    const kill = () => {
      // Twelve passes are 108 steps, each with a checkpoint.
      if (++steps > 10 + 19 * attempt) throw new Error('killed');
    };
    const checkpoint = { path: file, every: 1 + (attempt % 3) };
    await assert.rejects(trainNetwork(jobOf(kill), problemOf(), { ...options, checkpoint }), /killed/);
    const resumed = await trainNetwork(jobOf(), problemOf(), { ...options, checkpoint });
    assert.deepEqual(resumed, whole);
  }
});

test('a checkpoint of another training is refused, and so is a damaged one', async () => {
  const file = join(folder, 'other');
  await trainNetwork(jobOf(), problemOf(), { maxIter: 1, checkpoint: { path: file } });
  const other = { ...problemOf(), batchSize: 8 };
  await assert.rejects(trainNetwork(jobOf(), other, { maxIter: 1, checkpoint: { path: file } }), {
    code: 'file/other-training',
  });
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 5));
  await assert.rejects(trainNetwork(jobOf(), problemOf(), { maxIter: 2, checkpoint: { path: file } }), {
    name: 'FileError',
  });
  await writeFile(file, 'text');
  await assert.rejects(trainNetwork(jobOf(), problemOf(), { maxIter: 2, checkpoint: { path: file } }), {
    name: 'FileError',
  });
});

test('training ends when the loss of held-out rows no longer falls, with the parameters of the best pass', async () => {
  const problem = problemOf();
  const validation = {
    x: problem.x.take([0, 1, 2, 3, 4, 5]),
    target: problem.target.slice(0, 6).map((v) => -v),
  } as never;
  const found = await trainNetwork(jobOf(), problem, { maxIter: 200, nIterNoChange: 3, validation });
  assert.ok(found.converged && found.losses.length < 200);
  const best = found.validationLosses.indexOf(Math.min(...found.validationLosses)) + 1;
  const again = await trainNetwork(jobOf(), problemOf(), { maxIter: best, nIterNoChange: null });
  assert.deepEqual(found.parameters, again.parameters);
});

test('progress says the pass and the loss', async () => {
  said.length = 0;
  await trainNetwork(jobOf(), problemOf(), { maxIter: 3 });
  assert.match(said.at(-1)!, /^pass 3: loss \d\.\d+$/);
});

test('float32 rows on shared memory are read where they are, and train to the bits of rows that were placed', async () => {
  const wide = problemOf();
  const data = new Float32Array(new SharedArrayBuffer(4 * wide.x.data.length));
  data.set(wide.x.data);
  const single = (values: Float32Array) =>
    new Matrix({ rows: 60, columns: 3, data: values }) as never as Matrix;
  const [there, placed] = [single(data), single(data.slice())];
  const whole = await trainNetwork(jobOf(), { ...problemOf(), x: placed }, options);
  assert.deepEqual(await trainNetwork(jobOf(), { ...problemOf(), x: there }, options), whole);
  data[7] = Number.NaN;
  await assert.rejects(trainNetwork(jobOf(), { ...problemOf(), x: there }, options), {
    code: 'data/not-finite',
    message: "Column '1', row 2 is NaN, but a network takes finite numbers.",
  });
});

test('a network that is to give what it gets reads its targets where its inputs are', async () => {
  const layers = [{ kind: 'dense', units: 3 } as const];
  const problem = () => ({ ...problemOf(), network: { inputShape: [3], layers } });
  const { x } = problem();
  const apart = await trainNetwork(jobOf(), { ...problem(), x, target: x.data.slice() }, options);
  const numbers = team.arena.mark();
  assert.deepEqual(await trainNetwork(jobOf(), { ...problem(), x, target: x.data }, options), apart);
  assert.ok(team.arena.mark() < numbers);
});

test('a training alone leaves others their turns', async () => {
  let turns = 0;
  const count = () => {
    turns++;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  // Far longer than the time after which others get a turn, whatever the machine.
  await trainNetwork(jobOf(), problemOf(), { ...options, maxIter: 600 });
  clearImmediate(turning);
  assert.ok(turns >= 5, `${turns} turns`);
});
