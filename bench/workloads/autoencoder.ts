import { Matrix } from '../../src/core/matrix.ts';
import { RandomState } from '../../src/core/random.ts';
import { Team } from '../../src/kernels/host/team.ts';
import type { Layer } from '../../src/nets/layers/layer.ts';
import { networkParameters } from '../../src/nets/network.ts';
import { adam } from '../../src/nets/optimizers/optimizers.ts';
import { openTrainer } from '../../src/nets/train/open-trainer.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

const [ROWS, COLUMNS, CODE, BATCH, PASSES] = [12_800, 784, 64, 128, 3];
const network = {
  inputShape: [COLUMNS],
  layers: [
    { kind: 'dense', units: CODE },
    { kind: 'activation', function: 'relu' },
    { kind: 'dense', units: COLUMNS },
  ] satisfies readonly Layer[],
};

export const workload: InProcess = {
  title: 'autoencoder 784-64-784, 3 passes over 12,800 rows, batch 128, first step included',
  goal: 1.2,
  async prepare(directory) {
    const x = new Matrix({ rows: ROWS, columns: COLUMNS, data: await readF64(`${directory}/x.f64`) });
    const start = await readF64(`${directory}/start.f64`);
    let at = 0;
    const parameters = new Map(
      networkParameters(network).map(({ name, shape }) => {
        const from = at;
        at += sizeOf(shape);
        return [name, start.subarray(from, at)];
      }),
    );
    const threads = Number(process.env.HEDDLE_THREADS ?? 2);
    const team = new Team(threads);
    const call = () => Promise.reject(new Error('No function is called here.'));
    const job = { threads, team, checkpoint: () => {}, progress: () => {}, warn: () => {}, call };
    return {
      async run() {
        team.arena.release();
        const trainer = await openTrainer(job, {
          ...{ network, x, target: x.data, parameters, batchSize: BATCH, random: new RandomState(0) },
          ...{ loss: { kind: 'meanSquaredError' }, optimizer: adam(1e-3) },
        });
        const losses: number[] = [];
        for (let pass = 0; pass < PASSES; pass++) losses.push(await trainer.epoch({ shuffle: false }));
        await trainer.close();
        return losses;
      },
      quality: (losses: readonly number[]) => Object.fromEntries(losses.map((loss, i) => [`loss${i}`, loss])),
    };
  },
  // The same weights and batches on both sides, in float32: what other sums round away grows over 300 steps of Adam.
  compare: figuresAgree(1e-4),
};
