/**
 * `node bench/serve.ts [--seconds 8] [--rounds 3] [--case logistic-single]`: heddle's server beside scikit-learn behind FastAPI and
 * uvicorn, in turn, one process each, with the same model, the same rows and 64 connections on loopback; both share the cores with
 * the load tool. `--overload` sends ten times what the server can take, `--soak SECONDS` looks whether it grows.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { RandomState } from '../src/core/random.ts';
import { Frame, saveModel, writeCsv } from '../src/index.ts';
import { logisticRegression } from '../src/models/logistic-regression/logistic-regression.ts';
import { ridge } from '../src/models/ridge/ridge.ts';
import { columnTransformer } from '../src/prepare/column-transformer/column-transformer.ts';
import { oneHotEncoder } from '../src/prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../src/prepare/pipeline/pipeline.ts';
import { standardScaler } from '../src/prepare/standard-scaler/standard-scaler.ts';
import { peerPython } from './python.ts';
import type { LoadRequest, LoadResult } from './serve-load.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    case: { type: 'string' },
    overload: { type: 'boolean', default: false },
    soak: { type: 'string' },
  },
});
const CONNECTIONS = 64;
const PORTS = { heddle: 18_080, peer: 18_081 };
const folder = mkdtempSync(join(tmpdir(), 'heddle-bench-serve-'));
const children: ChildProcess[] = [];
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

try {
  const files = await prepareFiles();
  if (flags.overload) await overload(files);
  else if (flags.soak !== undefined) await soak(files, Number(flags.soak));
  else await compare(files);
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

interface Files {
  readonly data: string;
  readonly models: Readonly<Record<'ridge' | 'logistic', string>>;
  /** Bodies, one a line. */
  readonly single: string;
  readonly batch: string;
  readonly rows: readonly Record<string, unknown>[];
}

/** 5,000 rows of 12 columns of numbers and 4 of categories; models of both sides learn from the same CSV. */
async function prepareFiles(): Promise<Files> {
  const random = new RandomState(0);
  const count = 5000;
  const numbers = Array.from({ length: 12 }, (_, j) => {
    const values = new Float64Array(count);
    random.fillNormal(values);
    return [`n${j}`, values.map((value) => Math.round(value * 1e4) / 1e4)] as const;
  });
  const categories = Array.from({ length: 4 }, (_, j) => [
    `c${j}`,
    Array.from({ length: count }, () => `level ${Math.floor(random.randomSample() * 10)}`),
  ]);
  const price = Float64Array.from({ length: count }, (_, i) => {
    const level = Number((categories[0]![1] as string[])[i]!.slice(6));
    return 100 + 10 * numbers[0]![1][i]! - 5 * numbers[1]![1][i]! + 3 * level + 5 * random.randomSample();
  });
  const x = Frame.fromColumns(Object.fromEntries([...numbers, ...categories]));
  const dear = Array.from(price, (value) => (value > 115 ? 'yes' : 'no'));
  const data = join(folder, 'data.csv');
  await writeCsv(Frame.fromColumns({ ...Object.fromEntries(x.entries()), price, dear }), data);
  const prepare = columnTransformer({
    transformers: [
      { name: 'n', columns: numbers.map(([name]) => name), transformer: standardScaler() },
      {
        name: 'c',
        columns: categories.map(([name]) => name as string),
        transformer: oneHotEncoder({ handleUnknown: 'ignore' }),
      },
    ],
  });
  const models = { ridge: join(folder, 'ridge.heddle'), logistic: join(folder, 'logistic.heddle') };
  await saveModel(await pipeline(prepare, ridge()).fit(x, price), models.ridge);
  await saveModel(await pipeline(prepare, logisticRegression({ tol: 1e-10 })).fit(x, dear), models.logistic);
  const rows = x.take(Array.from({ length: 500 }, (_, i) => i)).toRecords();
  const single = join(folder, 'single.ndjson');
  const batch = join(folder, 'batch.ndjson');
  // The load tool keeps every request for every connection: few of them, or it becomes what is measured.
  const singles = rows.slice(0, 20).map((row) => JSON.stringify({ row }));
  writeFileSync(single, `${singles.join('\n')}\n`);
  const batches = [0, 1, 2, 3, 4].map((k) => JSON.stringify({ rows: rows.slice(100 * k, 100 * k + 100) }));
  writeFileSync(batch, `${batches.join('\n')}\n`);
  return { data, models, single, batch, rows };
}

async function compare(files: Files): Promise<void> {
  const python = peerPython();
  const lines: string[][] = [['case', 'side', 'requests/s', 'p50 ms', 'p99 ms', 'ratio', 'p99 ratio', '']];
  for (const kind of ['logistic', 'ridge'] as const) {
    const heddle = await startHeddle(files.models[kind]);
    const peer = start(python, [...[`${here}serve-peer.py`, files.data, kind, String(PORTS.peer)]]);
    await untilReady(PORTS.peer);
    await requireEqual(files);
    for (const form of ['single', 'batch'] as const) {
      const name = `${kind}-${form}`;
      if (flags.case !== undefined && flags.case !== name) continue;
      const many = form === 'batch' ? '-many' : '';
      const results: Record<'heddle' | 'peer', LoadResult[]> = { heddle: [], peer: [] };
      for (let round = 0; round < Number(flags.rounds); round++) {
        for (const side of ['heddle', 'peer'] as const) {
          const url = `http://127.0.0.1:${PORTS[side]}/predict${side === 'peer' ? many : ''}`;
          const load = { url, bodies: files[form], connections: CONNECTIONS };
          if (round === 0) await apply({ ...load, seconds: 2 });
          results[side].push(await apply({ ...load, seconds: Number(flags.seconds) }));
          await wait(300);
        }
      }
      const [ours, theirs] = [middle(results.heddle), middle(results.peer)];
      const ratio = ours.requestsPerSecond / theirs.requestsPerSecond;
      const verdict = ratio >= 3 && ours.p99 <= theirs.p99 ? 'reached' : 'short';
      lines.push(row(name, 'heddle', ours, ratio.toFixed(1), (theirs.p99 / ours.p99).toFixed(1), verdict));
      lines.push(row('', 'peer', theirs, '', '', ''));
    }
    await end(heddle);
    await end(peer);
  }
  process.stdout.write(
    `${cpus()[0]!.model}, ${cpus().length} cores, ${CONNECTIONS} connections, one process a side
${layOut(lines)}`,
  );
}

function row(name: string, side: string, result: LoadResult, ...rest: string[]): string[] {
  const bad = Object.entries(result.statuses).filter(([status]) => status !== '200');
  if (bad.length > 0 || result.errors > 0) throw new Error(`${name} ${side}: ${JSON.stringify(result)}`);
  return [name, side, result.requestsPerSecond.toFixed(0), String(result.p50), String(result.p99), ...rest];
}

/** The figures of the median round. */
function middle(results: readonly LoadResult[]): LoadResult {
  return results.toSorted((a, b) => a.requestsPerSecond - b.requestsPerSecond)[results.length >> 1]!;
}

/** Both sides predict the same: to rounding for ridge, to the solvers' tolerance for logistic regression. */
async function requireEqual({ rows }: Files): Promise<void> {
  const body = JSON.stringify({ rows });
  const [ours, theirs] = await Promise.all([
    fetchJson(`http://127.0.0.1:${PORTS.heddle}/predict`, body),
    fetchJson(`http://127.0.0.1:${PORTS.peer}/predict-many`, body),
  ]);
  for (const [i, a] of ours.predictions.entries()) {
    const b = theirs.predictions[i];
    const pairs =
      typeof a.prediction === 'number'
        ? [[a.prediction, b.prediction]]
        : Object.keys(a.probabilities).map((key) => [a.probabilities[key], b.probabilities[key]]);
    const differs = pairs.some(([p, q]) => !(Math.abs(p - q) <= 1e-6 * Math.max(1, Math.abs(q))));
    if (differs || (typeof a.prediction === 'string' && a.prediction !== b.prediction)) {
      throw new Error(`Row ${i} differs: ${JSON.stringify(a)} ${JSON.stringify(b)}`);
    }
  }
}

/** Ten times the connections that the server takes in: what does not fit is refused at once, and it recovers at once. */
async function overload(files: Files): Promise<void> {
  await startHeddle(files.models.logistic, ['--max-in-flight', String(CONNECTIONS)]);
  const table = [
    ['', 'connections', 'answers/s', 'p99 ms', 'statuses', 'errors', 'MiB at most', 'recovered after ms'],
  ];
  for (const form of ['single', 'batch'] as const) {
    const load = {
      url: `http://127.0.0.1:${PORTS.heddle}/predict`,
      bodies: files[form],
      seconds: Number(flags.seconds),
    };
    await apply({ ...load, connections: CONNECTIONS, seconds: 2 });
    const usual = await latencies(files, 50);
    for (const connections of [CONNECTIONS, 10 * CONNECTIONS]) {
      const seen: number[] = [];
      const timer = setInterval(() => void memory().then((bytes) => seen.push(bytes)), 500);
      const { requestsPerSecond, p99, statuses, errors } = await apply({ ...load, connections });
      clearInterval(timer);
      const recovered = await recovery(files, 3 * Math.max(...usual));
      table.push([
        ...[form, String(connections), requestsPerSecond.toFixed(0), String(p99)],
        Object.entries(statuses)
          .map(([status, count]) => `${status}: ${count}`)
          .join(', '),
        ...[String(errors), (Math.max(...seen) / 2 ** 20).toFixed(0), recovered.toFixed(0)],
      ]);
    }
  }
  process.stdout.write(layOut(table));
}

/** Milliseconds of single rows one after the other. */
async function latencies(files: Files, count: number): Promise<number[]> {
  const body = JSON.stringify({ row: files.rows[0] });
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await fetchJson(`http://127.0.0.1:${PORTS.heddle}/predict`, body);
    times.push(performance.now() - from);
  }
  return times;
}

/** Milliseconds until ten answers in a row take no longer than `limitMs`, the usual with some grace. */
async function recovery(files: Files, limitMs: number): Promise<number> {
  const from = performance.now();
  while (performance.now() - from < 30_000) {
    const start = performance.now() - from;
    if ((await latencies(files, 10)).every((ms) => ms <= limitMs)) return start;
  }
  return Number.POSITIVE_INFINITY;
}

/** Half of the time single rows, half of it batches; memory is looked at when nothing is in work. */
async function soak(files: Files, seconds: number): Promise<void> {
  await startHeddle(files.models.logistic, ['--log', join(folder, 'predictions.db')]);
  const url = `http://127.0.0.1:${PORTS.heddle}/predict`;
  const samples: number[] = [];
  const step = Math.max(5, seconds / 20);
  for (let from = 0; from < seconds; from += step) {
    for (const form of ['single', 'batch'] as const) {
      const { statuses, errors } = await apply({
        url,
        bodies: files[form],
        connections: 16,
        seconds: step / 2,
      });
      const others = Object.keys(statuses).filter((status) => status !== '200');
      if (others.length > 0 || errors > 0) throw new Error(JSON.stringify({ statuses, errors }));
    }
    await wait(500);
    samples.push((await memory()) / 2 ** 20);
    process.stderr.write(`${(from + step).toFixed(0)} s  ${samples.at(-1)!.toFixed(0)} MiB\n`);
  }
  const mean = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [second, last] = [mean(samples.slice(quarter, 2 * quarter)), mean(samples.slice(-quarter))];
  process.stdout.write(
    `${seconds} s: memory ${second.toFixed(0)} MiB in the second quarter, ${last.toFixed(0)} MiB in the last (${((100 * (last - second)) / second).toFixed(1)}%)\n`,
  );
}

async function memory(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${PORTS.heddle}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)![1]);
}

async function startHeddle(model: string, more: readonly string[] = []): Promise<ChildProcess> {
  const port = String(PORTS.heddle);
  const child = start(process.execPath, [
    ...[join(here, '../bin/heddle.js'), 'serve', model, '--port', port],
    ...['--log-level', 'warn', '--drain-grace', '0', ...more],
  ]);
  await untilReady(PORTS.heddle);
  return child;
}

function start(command: string, parameters: readonly string[]): ChildProcess {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  // One row's work is no work for several threads: more of them slow the peer down.
  const limits = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, ...limits },
  });
  children.push(child);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function untilReady(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error(`Nothing answers on port ${port}.`);
}

async function apply(load: LoadRequest): Promise<LoadResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    `${here}serve-load.ts`,
    JSON.stringify(load),
  ]);
  return JSON.parse(stdout) as LoadResult;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of both sides
async function fetchJson(url: string, body: string): Promise<any> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function layOut(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, j) => Math.max(...lines.map((line) => line[j]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, j) => (j < 2 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
