import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as separation from './cluster-separation.ts';
import * as clustering from './clustering.ts';
import * as metrics from './index.ts';
import * as ranking from './ranking.ts';

type Json = number | string | boolean | null | Json[] | { [key: string]: Json };
interface Case {
  readonly f: string;
  readonly args: string[];
  readonly options: Record<string, Json>;
  readonly expected: Json;
}
interface Report {
  readonly args: string[];
  readonly options: Record<string, Json>;
  readonly dict: Record<string, Json>;
  readonly text: string;
}
const fixture: { data: Record<string, Json>; cases: Case[]; reports: Report[] } = JSON.parse(
  readFileSync(new URL('../../parity/fixtures/metrics.json', import.meta.url), 'utf8'),
);

/** The same formulas summed in another order differ by a few units of 2⁻⁵² per addition; the longest sums have 240 terms. */
const RELATIVE = 1e-12;
/** Differences of nearly equal figures (1 − loss / loss, D² near 0) lose digits relative to 1, not to themselves. */
const ABSOLUTE = 1e-13;

const special: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
const toNumber = (value: Json): Json =>
  typeof value === 'string' && value in special ? special[value] : value;
const resolve = (value: Json): Json =>
  typeof value === 'string' && value.startsWith('@') ? fixture.data[value.slice(1)] : toNumber(value);
const resolveAll = (options: Record<string, Json>) =>
  Object.fromEntries(Object.entries(options).map(([key, value]) => [key, resolve(value)]));

function assertClose(actual: unknown, expected: Json, place: string): void {
  const wanted = toNumber(expected);
  if (typeof wanted === 'number') {
    assert.equal(typeof actual, 'number', place);
    const tolerance = Math.max(ABSOLUTE, RELATIVE * Math.abs(wanted));
    if (Object.is(actual, wanted) || Math.abs((actual as number) - wanted) <= tolerance) return;
    assert.fail(`${place}: got ${actual}, scikit-learn says ${wanted}`);
  }
  if (Array.isArray(wanted)) {
    const values = actual as ArrayLike<unknown>;
    assert.equal(values.length, wanted.length, `${place}: length`);
    for (const [i, item] of wanted.entries()) assertClose(values[i], item, `${place}[${i}]`);
  } else if (wanted !== null && typeof wanted === 'object') {
    for (const [key, item] of Object.entries(wanted)) {
      assertClose((actual as Record<string, unknown>)[key], item, `${place}.${key}`);
    }
  } else assert.equal(actual, wanted, place);
}

const functions = metrics as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of new Set(fixture.cases.map((one) => one.f))) {
  test(`${name} gives scikit-learn's figures`, () => {
    for (const { args, options, expected } of fixture.cases.filter((one) => one.f === name)) {
      const place = `${name}(${args.join(', ')}, ${JSON.stringify(options)})`;
      assertClose(functions[name](...args.map(resolve), resolveAll(options)), expected, place);
    }
  });
}

test('typed arrays and matrices give the same figures as plain arrays', () => {
  for (const { f, args, options, expected } of fixture.cases) {
    const typed = args.map((name) => toTyped(resolve(name)));
    if (typed.includes(undefined)) continue;
    assertClose(
      functions[f](...typed, resolveAll(options)),
      expected,
      `${f}(${args.join(', ')}) on typed arrays`,
    );
  }
});

function toTyped(value: Json): unknown {
  const rows = value as Json[];
  if (rows.every((item) => typeof item === 'number')) return Float64Array.from(rows as number[]);
  if (!Array.isArray(rows[0])) return undefined;
  return {
    rows: rows.length,
    columns: rows[0].length,
    data: Float64Array.from(rows.flat() as number[]),
  };
}

for (const { args, options, dict, text } of fixture.reports) {
  test(`classificationReport(${args.join(', ')}, ${JSON.stringify(options)}) has the figures and the table of scikit-learn`, () => {
    const report = functions.classificationReport(
      ...args.map(resolve),
      resolveAll(options),
    ) as metrics.ClassificationReport;
    for (const row of report.classes) assertClose(renamed(row), dict[row.name], row.name);
    assertClose(renamed(report.macro), dict['macro avg'], 'macro avg');
    assertClose(renamed(report.weighted), dict['weighted avg'], 'weighted avg');
    if (report.accuracy === null) assertClose(renamed(report.micro), dict['micro avg'], 'micro avg');
    else assertClose(report.accuracy, dict.accuracy, 'accuracy');
    // scikit-learn prints weighted supports with all their digits; ours are rounded like the rest.
    if (!('sampleWeight' in options)) assert.equal(report.toString(), text);
  });
}

function renamed({ precision, recall, f1, support }: metrics.ReportFigures): Record<string, number> {
  return { precision, recall, 'f1-score': f1, support };
}

test('the fixture holds every metric and more than 150 cases', () => {
  assert.ok(fixture.cases.length > 150);
  const covered = new Set(fixture.cases.map((one) => one.f));
  const other = ['classificationReport', 'evaluateClassification', 'evaluateRegression', 'getScorer'];
  // Tested by clustering.test.ts and ranking.test.ts.
  other.push(...Object.keys(clustering), ...Object.keys(separation), ...Object.keys(ranking));
  const missing = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'function' && /^[a-z]/.test(name) && !covered.has(name) && !other.includes(name)
      ? [name]
      : [],
  );
  assert.deepEqual(missing, []);
});
