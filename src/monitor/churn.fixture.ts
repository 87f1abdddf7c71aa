import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { codeStrings, Frame } from '../core/frame.ts';
import { RandomState } from '../core/random.ts';
import { trainTable } from '../select/train-table.ts';
import { loadTrained, saveTrained, type TrainedModel } from './trained-model.ts';

/** Customers, of whom those with few visits and high prices leave; `spend` is a number to predict. */
export function customers(seed: number, rows: number): Frame {
  const random = new RandomState(seed);
  const visits = random.fillNormal(new Float64Array(rows), 10, 3);
  const price = random.fillNormal(new Float64Array(rows), 50, 10);
  const plan = random.randint(0, 3, rows);
  const noise = random.fillNormal(new Float64Array(rows));
  const score = price.map((p, i) => (p - 50) / 10 - (visits[i]! - 10) / 3 + noise[i]!);
  return new Frame([
    ['visits', { kind: 'number', values: visits }],
    ['price', { kind: 'number', values: price }],
    ['plan', codeStrings(rows, (i) => ['basic', 'plus', 'pro'][plan[i]!]!)],
    ['churn', codeStrings(rows, (i) => (score[i]! > 0 ? 'yes' : 'no'))],
    ['spend', { kind: 'number', values: score.map((s, i) => 100 + 20 * s + 5 * plan[i]!) }],
  ]);
}

const folder = mkdtempSync(join(tmpdir(), 'heddle-monitor-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A model of `churn` or `spend`, as a file has it. */
export async function trainedOn(
  target: 'churn' | 'spend',
  rows = 800,
): Promise<TrainedModel & { path: string }> {
  const table = customers(1, rows);
  const options = { target, drop: [target === 'churn' ? 'spend' : 'churn'] };
  const path = join(folder, `${target}.heddle`);
  await saveTrained(await trainTable(table, options), options, table, path);
  return { ...(await loadTrained(path)), path };
}
