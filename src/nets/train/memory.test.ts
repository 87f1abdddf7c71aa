import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import type { Job } from '../../jobs/job.ts';
import { Team } from '../../kernels/host/team.ts';
import { adam } from '../optimizers/optimizers.ts';
import { openTrainer, type TrainingProblem } from './open-trainer.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const team = new Team(1);
const job = {
  ...{ threads: 1, team, checkpoint: () => {}, progress: () => {}, warn: () => {} },
  call: () => Promise.reject(new Error('none')),
} as Job;

const ROWS = 128;
const x = Matrix.zeros(ROWS, 64);
new RandomState(0).fillNormal(x.data);

function problem(): TrainingProblem {
  const wide = { kind: 'dense', units: 512 } as const;
  return {
    network: {
      inputShape: [64],
      layers: [wide, { kind: 'activation', function: 'tanh' }, { kind: 'dense', units: 1 }],
    },
    ...{ loss: { kind: 'squaredError' }, optimizer: adam(1e-3), x, target: x.column(0), batchSize: ROWS },
    random: new RandomState(0),
  };
}

/** Resident memory once what nobody refers to is gone, in MiB. */
async function resident(): Promise<number> {
  // Twice, with a turn of the event loop between: native memory is freed by finalizers.
  for (let i = 0; i < 2; i++) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage.rss() / 2 ** 20;
}

test('a thousand steps keep nothing', async () => {
  team.arena.release();
  const trainer = await openTrainer(job, problem());
  for (let i = 0; i < 200; i++) await trainer.epoch();
  const [before, top] = [await resident(), team.arena.mark()];
  for (let i = 0; i < 1000; i++) await trainer.epoch();
  assert.equal(team.arena.mark(), top);
  // A batch is 32 KiB and its activations 256 KiB; a thousand of either would be more.
  const grown = (await resident()) - before;
  assert.ok(grown < 25, `${grown} MiB`);
  await trainer.close();
});

test('a hundred networks that were closed give their memory back', async () => {
  team.arena.release();
  const train = async (count: number) => {
    for (let i = 0; i < count; i++) {
      team.arena.release();
      const trainer = await openTrainer(job, problem());
      await trainer.epoch();
      await trainer.close();
    }
  };
  await train(20);
  const [before, bytes] = [await resident(), team.memoryBytes];
  await train(100);
  assert.equal(team.memoryBytes, bytes);
  // A session that is kept holds about 1.4 MiB with its activations: a hundred would be 140.
  const grown = (await resident()) - before;
  assert.ok(grown < 40, `${grown} MiB`);
});
