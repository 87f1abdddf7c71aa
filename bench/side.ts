/** Heddle's side of a workload, in a process of its own: a run for every line on standard input. */
import { createInterface } from 'node:readline';
import type { InProcess } from './workload.ts';

const [name, directory] = process.argv.slice(2) as [string, string];
const { workload } = (await import(`./workloads/${name}.ts`)) as { workload: InProcess };
const timed = await workload.prepare(directory);
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

say({ ready: true });
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const result = await timed.run();
  const seconds = (performance.now() - start) / 1000;
  say({ seconds, quality: timed.quality(result as never) });
}
