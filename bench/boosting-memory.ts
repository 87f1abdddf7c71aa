/**
 * `node bench/boosting-memory.ts`: the largest resident memory of a process that fits 100 trees of 31 leaves on 1,000,000 × 28, heddle beside
 * LightGBM, each in a process of its own that holds the same table. Fails when heddle takes more.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { peerPython } from './python.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const directory = `${here}data/gradient-boosting`;
const environment = { ...process.env, OMP_NUM_THREADS: '2', HEDDLE_THREADS: '2', PYTHONPATH: here };
const python = peerPython();

function run(
  command: string,
  args: readonly string[],
): { readonly mebibytes: number; readonly seconds: number } {
  const out = execFileSync(command, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(out.toString().trim().split('\n').at(-1)!) as ReturnType<typeof run>;
}

if (!existsSync(`${directory}/x.f64`)) {
  mkdirSync(directory, { recursive: true });
  execFileSync(python, [`${here}side.py`, 'gradient-boosting', directory, 'make'], { env: environment });
}
const peer = run(python, [
  '-c',
  `
import json, pathlib, resource
from workloads.boosting import data
x, y, _, _ = data.read(pathlib.Path(${JSON.stringify(directory)}), 28)
data.lightgbm_model(2).fit(x, y)
use = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"mebibytes": use.ru_maxrss / 1024, "seconds": use.ru_utime + use.ru_stime}))
`,
]);
const own = run(process.execPath, [
  '--input-type=module',
  '-e',
  `
import { gradientBoostingClassifier } from '${here}../src/models/gradient-boosting/gradient-boosting-classifier.ts';
import { boostingOptions, readTable } from '${here}workloads/boosting/data.ts';
const { x, y } = await readTable(${JSON.stringify(directory)}, 28);
await gradientBoostingClassifier(boostingOptions).fit(x, y);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ mebibytes: maxRSS / 1024, seconds: (userCPUTime + systemCPUTime) / 1e6 }));
process.exit(0);
`,
]);
const show = (name: string, { mebibytes, seconds }: typeof own) =>
  `${name.padEnd(9)} ${Math.round(mebibytes).toLocaleString('en').padStart(6)} MiB, ${seconds.toFixed(1)} s of processors\n`;
process.stdout.write(show('LightGBM', peer) + show('heddle', own));
if (own.mebibytes > peer.mebibytes) process.exitCode = 1;
