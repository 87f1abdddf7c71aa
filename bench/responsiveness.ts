/**
 * How a caller fares while a fit of `seconds` runs (default 10): the largest delay of a timer on its thread, the time an
 * abort takes, and what 200 fits in a row leave behind.
 */
import { Matrix } from '../src/core/matrix.ts';
import { RandomState } from '../src/core/random.ts';
import { linearRegression } from '../src/models/linear-regression/linear-regression.ts';
import { logisticRegression } from '../src/models/logistic-regression/logistic-regression.ts';

const seconds = Number(process.argv[2] ?? 10);
const rows = 400_000;
const random = new RandomState(0);
const x = Matrix.zeros(rows, 50);
random.fillNormal(x.data);
const y = Array.from({ length: rows }, (_, i) =>
  x.at(i, 0) + x.at(i, 1) + random.randomSample() > 0.5 ? 'yes' : 'no',
);

let late = 0;
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  late = Math.max(late, now - last - 5);
  last = now;
}, 5);

const start = performance.now();
let fits = 0;
while (performance.now() - start < seconds * 1000) {
  await logisticRegression({ solver: 'lbfgs', C: 1e6, tol: 1e-9, maxIter: 2000 }).fit(x, y, {
    onWarning() {},
  });
  fits++;
}
clearInterval(timer);
const fitSeconds = (performance.now() - start) / 1000;

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
  `fits            ${fits} in ${fitSeconds.toFixed(1)} s\n` +
    `timer late      ${late.toFixed(1)} ms at most\n` +
    `abort           ${Math.max(...aborts).toFixed(1)} ms at most\n` +
    `200 fits        ${memory.map((m) => m.toFixed(0)).join(' → ')} MiB resident, ${threads} ports open\n`,
);
