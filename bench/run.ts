/**
 * `npm run bench [NAME…] [-- --threads 2 --runs 7]`: heddle and its Python peer in turn, on the same data with the same number of threads,
 * and the ratio of their times. Results go to bench/results/ as JSON too.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { peerPython } from './python.ts';
import { commandSide, type Side, startSide } from './sides.ts';
import type { Workload } from './workload.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    runs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Math.max(5, Number(values.runs));
const known = readdirSync(`${here}workloads`)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no workload '${unknown[0]}'. The workloads are ${known.join(', ')}.\n`);
  process.exit(1);
}

interface Row {
  readonly name: string;
  readonly title: string;
  readonly heddleSeconds: number[];
  readonly peerSeconds: number[];
  /** Ratios peer ÷ heddle of the pairs of runs. */
  readonly ratios: number[];
  readonly ratio: number;
  readonly goal: number;
  readonly difference: string | undefined;
}

const python = peerPython();
const environment = sideEnvironment(values.threads);
const rows: Row[] = [];
for (const name of positionals.length > 0 ? positionals : known) rows.push(await measure(name));
const report = { date: new Date().toISOString(), cpu: cpus()[0]!.model, threads: values.threads, runs, rows };
mkdirSync(`${here}results`, { recursive: true });
writeFileSync(`${here}results/latest.json`, `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : table(rows));

async function measure(name: string): Promise<Row> {
  process.stderr.write(`${name} …\n`);
  const { workload } = (await import(`./workloads/${name}.ts`)) as { workload: Workload };
  const [heddle, peer] = await startBoth(name, workload);
  try {
    const [first, firstPeer] = [await heddle.run(), await peer.run()];
    const difference = workload.compare(first.quality, firstPeer.quality);
    const heddleSeconds: number[] = [];
    const peerSeconds: number[] = [];
    for (let i = 0; i < runs; i++) {
      await settle();
      heddleSeconds.push((await heddle.run()).seconds);
      await settle();
      peerSeconds.push((await peer.run()).seconds);
    }
    const ratios = peerSeconds.map((seconds, i) => seconds / heddleSeconds[i]!);
    const ratio = median(peerSeconds) / median(heddleSeconds);
    const { title, goal } = workload;
    return { name, title, heddleSeconds, peerSeconds, ratios, ratio, goal, difference };
  } finally {
    heddle.end();
    peer.end();
  }
}

/** Threads of the side that ran last may spin for a while before they sleep (OpenBLAS's do): let them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}

async function startBoth(name: string, workload: Workload): Promise<[Side, Side]> {
  if ('peer' in workload) {
    const command = (parts: readonly string[]) =>
      parts.map((part) => part.replace('{python}', python).replace('{here}/', here));
    return [
      commandSide(command(workload.heddle), environment),
      commandSide(command(workload.peer), environment),
    ];
  }
  const directory = `${here}data/${name}`;
  if (!existsSync(directory)) {
    execFileSync(python, [`${here}side.py`, name, directory, 'make'], {
      stdio: ['ignore', 2, 2],
      env: environment,
    });
  }
  return [
    await startSide([process.execPath, `${here}side.ts`, name, directory], environment),
    await startSide([python, `${here}side.py`, name, directory], environment),
  ];
}

/** The same threads for all; and no CPU type forced upon OpenBLAS, which would slow the peers. */
function sideEnvironment(threads: string): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  return {
    ...rest,
    HEDDLE_THREADS: threads,
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    LOKY_MAX_CPU_COUNT: threads,
    PYTHONWARNINGS: 'ignore',
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ title, heddleSeconds, peerSeconds, ratios, ratio, goal, difference }) => [
    title,
    milliseconds(median(heddleSeconds)),
    milliseconds(median(peerSeconds)),
    ratio.toFixed(2),
    `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    `≥ ${goal}`,
    difference === undefined ? (ratio >= goal ? 'reached' : 'short') : `DIFFERS: ${difference}`,
  ]);
  const all = [['workload', 'heddle ms', 'peer ms', 'ratio', 'min–max', 'goal', ''], ...cells];
  const widths = all[0]!.map((_, j) => Math.max(...all.map((row) => row[j]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, j) => (j === 0 || j === 6 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0);
}
