/**
 * `node bench/ward-memory.ts`: ward's tree of 50,000 × 16 points, whose distances alone would take 10 GB. Prints the time, the processor time and
 * the largest resident memory of the process; fails above 1 GiB.
 */
import { Matrix } from '../src/core/matrix.ts';
import { RandomState } from '../src/core/random.ts';
import { closeIdleThreads } from '../src/jobs/pool.ts';
import { linkage } from '../src/models/agglomerative/linkage.ts';

const [rows, columns] = [50_000, 16];
const x = Matrix.zeros(rows, columns);
x.data.set(new RandomState(0).standardNormal(rows * columns));
const start = performance.now();
const tree = await linkage(x, { method: 'ward', threads: 2 });
const seconds = (performance.now() - start) / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const mebibytes = maxRSS / 1024;
process.stdout.write(
  `ward ${rows} × ${columns}: ${seconds.toFixed(1)} s (${((userCPUTime + systemCPUTime) / 1e6).toFixed(1)} s of processors), ` +
    `${Math.round(mebibytes)} MiB resident at most, last merge at ${tree.at(rows - 2, 2).toFixed(6)}\n`,
);
await closeIdleThreads();
if (mebibytes > 1024) process.exitCode = 1;
