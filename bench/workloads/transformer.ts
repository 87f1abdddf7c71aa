import { Matrix } from '../../src/core/matrix.ts';
import { RandomState } from '../../src/core/random.ts';
import { Team } from '../../src/kernels/host/team.ts';
import type { Layer } from '../../src/nets/layers/layer.ts';
import { networkParameters } from '../../src/nets/network.ts';
import { adam } from '../../src/nets/optimizers/optimizers.ts';
import { openTrainer } from '../../src/nets/train/open-trainer.ts';
import { sizeOf } from '../../src/tensor/tensor.ts';
import { figuresAgree, type InProcess, readF64 } from '../workload.ts';

const [BATCH, TIME, LEVELS, FEATURES, STEPS] = [12, 64, 100, 128, 40];
const block: Layer = { kind: 'transformerBlock', heads: 4, causal: true };
const network = {
  inputShape: [TIME],
  layers: [
    { kind: 'embedding', levels: LEVELS, units: FEATURES },
    { kind: 'position' },
    ...[block, block, block, block],
    { kind: 'layerNorm' },
    { kind: 'dense', units: LEVELS },
  ] satisfies readonly Layer[],
};

export const workload: InProcess = {
  title: 'transformer of 4 blocks of 128, 40 steps of 12 × 64 tokens, first step included',
  goal: 1.15,
  async prepare(directory) {
    const text = await readF64(`${directory}/text.f64`);
    const start = await readF64(`${directory}/start.f64`);
    const rows = BATCH * STEPS;
    const x = new Matrix({ rows, columns: TIME, data: text.subarray(0, rows * TIME) });
    const target = Int32Array.from(text.subarray(1, rows * TIME + 1));
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
          ...{ network, x, target, parameters, batchSize: BATCH, random: new RandomState(0) },
          ...{ loss: { kind: 'crossEntropy' }, optimizer: adam(1e-3) },
        });
        const loss = await trainer.epoch({ shuffle: false });
        await trainer.close();
        return loss;
      },
      quality: (loss: number) => ({ loss }),
    };
  },
  // The same weights and batches on both sides, in float32: what other sums round away grows over 40 steps of Adam.
  compare: figuresAgree(1e-4),
};
