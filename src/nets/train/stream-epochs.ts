import { DataError, OptionError } from '../../core/errors.ts';
import { RandomState } from '../../core/random.ts';
import { sharedArray } from '../../core/shared.ts';
import type { Job } from '../../jobs/job.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { openTrainer, type Trainer, type TrainingSetup } from './open-trainer.ts';
import { type RowPiece, readAhead } from './row-reader.ts';
import type { PassTrainer } from './train-network.ts';
import type { TrainingSource } from './training-source.ts';

/** A training whose rows come from a source. */
export interface StreamedProblem extends TrainingSetup {
  readonly source: TrainingSource;
  /**
   * Rows that are kept in memory, of which each batch takes some at random, for others to take their places: with as many as there are rows
   * the order is as random as that of a table. Default 8192, fewer where they would take more than 64 MiB; 0 keeps the order of the source.
   */
  readonly shuffleRows?: number | undefined;
}

const SHUFFLE_ROWS = 8192;
const SHUFFLE_NUMBERS = 2 ** 24;
/** Batches that are trained on between visits to the source. */
const BATCHES_AT_A_TIME = 8;

/**
 * Opens a trainer whose passes go over the rows of a source. While it works on some batches, the rows of the next are asked for.
 * @throws what {@link openTrainer} throws, and in a pass what the source throws, and DataError for a source without rows.
 */
export async function openStreamedTrainer(job: Job, problem: StreamedProblem): Promise<PassTrainer> {
  const { source, batchSize, random } = problem;
  const fitting = Math.floor(SHUFFLE_NUMBERS / sizeOf(problem.network.inputShape));
  const { shuffleRows = Math.max(1, Math.min(SHUFFLE_ROWS, fitting)) } = problem;
  if (!(Number.isInteger(shuffleRows) && shuffleRows >= 0)) {
    throw new OptionError('option/invalid', `shuffleRows is a count of rows, not ${shuffleRows}.`, {
      option: 'shuffleRows',
    });
  }
  const window = BATCHES_AT_A_TIME * batchSize;
  const capacity = Math.max(shuffleRows, window);
  const trainer = await openTrainer(job, { ...problem, capacity });
  // Drawn once, so that a training that is resumed has the same seeds of passes.
  const seed = random.randint(2 ** 31 - 1);
  let pass = 0;
  return {
    ...trainer,
    rows: source.rows,
    get step() {
      return trainer.step;
    },
    async epoch({ shuffle = true, ...options }) {
      // Odd and far apart, so that the seeds of neighbouring passes share no pattern.
      const own = (seed + Math.imul(pass, 0x9e3779b1)) >>> 0;
      const reader = readAhead(source, { epoch: pass, seed: own }, window);
      pass++;
      const order = shuffle && shuffleRows > 0 ? new RandomState(own) : undefined;
      try {
        return await streamEpoch(trainer, reader.take, { window, capacity, order, options });
      } finally {
        await reader.close();
      }
    },
    snapshot: () => ({ ...trainer.snapshot(), pass }),
    restore(snapshot) {
      trainer.restore(snapshot);
      pass = snapshot.pass ?? 0;
    },
  };
}

interface StreamPlan {
  readonly window: number;
  readonly capacity: number;
  readonly order: RandomState | undefined;
  readonly options: Parameters<Trainer['epoch']>[0] & object;
}

/** @returns the mean loss of the batches by their rows. */
async function streamEpoch(
  trainer: Trainer,
  take: (count: number) => Promise<readonly RowPiece[]>,
  { window, capacity, order, options }: StreamPlan,
): Promise<number> {
  /** Places of rows that were not trained on, and of none. */
  const live: number[] = [];
  const free = Array.from({ length: capacity }, (_, i) => i);
  let [sum, rows, steps] = [0, 0, 0];
  const { onStep } = options;
  for (;;) {
    const pieces = await take(order === undefined ? window - live.length : free.length);
    for (const { batch, from, count } of pieces) {
      const slots = Int32Array.from(free.splice(0, count));
      trainer.put(batch, from, slots);
      live.push(...slots);
    }
    if (live.length === 0) break;
    const chosen = chooseRows(live, Math.min(window, live.length), order);
    const [before, stepsBefore] = [sum / Math.max(1, rows), steps];
    const loss = await trainer.epoch({
      ...options,
      ...{ shuffle: false, order: chosen },
      onStep: (count) => onStep?.(stepsBefore + count, before),
    });
    sum += loss * chosen.length;
    rows += chosen.length;
    steps += Math.ceil(chosen.length / (window / BATCHES_AT_A_TIME));
    free.push(...chosen);
  }
  if (rows === 0) throw new DataError('data/no-rows', 'The source of the training gave no rows.');
  return sum / rows;
}

/** Takes `count` of the places out: the first, or ones at random. */
function chooseRows(live: number[], count: number, order: RandomState | undefined): Int32Array {
  const chosen = sharedArray(Int32Array, count);
  if (order === undefined) chosen.set(live.splice(0, count));
  else {
    for (let i = 0; i < count; i++) {
      const at = order.randint(live.length);
      chosen[i] = live[at]!;
      live[at] = live.at(-1)!;
      live.pop();
    }
  }
  return chosen;
}
