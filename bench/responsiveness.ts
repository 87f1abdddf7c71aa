/**
 * How a caller fares while a fit of `seconds` runs (default 10): the largest delay of a timer on its thread, the time an
 * abort takes, and what 200 fits in a row leave behind.
 */
import { Matrix } from '../src/core/matrix.ts';
import { RandomState } from '../src/core/random.ts';
import { linearRegression } from '../src/models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../src/models/logistic-regression/logistic-regression.ts';
import { neuralNetworkClassifier } from '../src/models/neural-network/neural-network-classifier.ts';

const seconds = Number(process.argv[2] ?? 10);
const rows = 400_000;
const random = new RandomState(0);
const x = Matrix.zeros(rows, 50);
random.fillNormal(x.data);
const y = Array.from({ length: rows }, (_, i) =>
  x.at(i, 0) + x.at(i, 1) + random.randomSample() > 0.5 ? 'yes' : 'no',
);

interface Underway {
  readonly fits: number;
  readonly took: number;
  /** The largest delay of a timer on this thread. */
  readonly late: number;
  /** The most processor time of this thread between two ticks: what of the delay is ours when others use the machine too. */
  readonly busy: number;
}

/** Fits again and again for `seconds`. */
async function underway(fit: () => Promise<unknown>): Promise<Underway> {
  let [late, busy] = [0, 0];
  let cpu = process.threadCpuUsage();
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late = Math.max(late, now - last - 5);
    last = now;
    const own = process.threadCpuUsage(cpu);
    busy = Math.max(busy, (own.user + own.system) / 1000);
    cpu = process.threadCpuUsage();
  }, 5);
  const start = performance.now();
  let fits = 0;
  while (performance.now() - start < seconds * 1000) {
    await fit();
    fits++;
  }
  clearInterval(timer);
  return { fits, late, busy, took: (performance.now() - start) / 1000 };
}

const linear = await underway(() =>
  logisticRegression({ solver: 'lbfgs', C: 1e6, tol: 1e-9, maxIter: 2000 }).fit(x, y, { onWarning() {} }),
);
const network = await underway(() =>
  neuralNetworkClassifier({ epochs: 2, batchSize: 512, patience: null }).fit(x, y, {
    onProgress() {},
    onWarning() {},
  }),
);

const aborts: number[] = [];
for (let i = 0; i < 5; i++) {
  const abort = new AbortController();
  const fit = logisticRegression({ solver: 'lbfgs', C: 1e6, tol: 1e-9, maxIter: 2000 }).fit(x, y, {
    signal: abort.signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  const asked = performance.now();
  abort.abort();
  await fit.catch(() => {});
  aborts.push(performance.now() - asked);
}

const small = x.take(Int32Array.from({ length: 2000 }, (_, i) => i));
const target = small.column(0);
const memory: number[] = [];
for (let i = 0; i < 200; i++) {
  await linearRegression().fit(small, target);
  if (i === 20 || i === 199) {
    globalThis.gc?.();
    memory.push(process.memoryUsage().rss / 2 ** 20);
  }
}
const threads = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
process.stdout.write(
  `fits            ${linear.fits} in ${linear.took.toFixed(1)} s, of networks ${network.fits} in ${network.took.toFixed(1)} s\n` +
    `timer late      ${linear.late.toFixed(1)} ms at most, with networks ${network.late.toFixed(1)} ms\n` +
    `thread busy     ${linear.busy.toFixed(1)} ms between ticks at most, with networks ${network.busy.toFixed(1)} ms\n` +
    `abort           ${Math.max(...aborts).toFixed(1)} ms at most\n` +
    `200 fits        ${memory.map((m) => m.toFixed(0)).join(' → ')} MiB resident, ${threads} ports open\n`,
);
