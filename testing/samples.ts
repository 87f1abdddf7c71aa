import { type Column, codeStrings, Frame } from '../src/core/frame.ts';
import type { Label } from '../src/core/labels.ts';
import { Matrix } from '../src/core/matrix.ts';
import { RandomState } from '../src/core/random.ts';
import { sharedArray } from '../src/core/shared.ts';
import type { Traits } from './traits.ts';

/** Seeded data that suit a model. */
export interface Sample {
  /** Named columns; a frame when they hold text or dates. */
  readonly x: Matrix | Frame;
  /** Absent when the model has no target. */
  readonly y: Target | undefined;
}

export type Target = Float64Array | readonly Label[];

export interface SampleRequest {
  /** Default 48. */
  readonly rows?: number;
  /** Default 3. */
  readonly columns?: number;
  /** Default 0. */
  readonly seed?: number;
  /** One label per class; every one occurs, of as many as the model takes. Default three texts. */
  readonly labels?: readonly Label[];
  /** Rows of each class; default: as equal as can be. */
  readonly shares?: readonly number[];
}

export const threeLabels = ['猫', 'dog', 'Ünicorn'] as const;
const levels = ['红', '绿', '蓝'] as const;
const someNames = ['面积', '卧室数量', '地理位置'];

/** Names in another script, so that nothing depends on ASCII. */
export function namesOf(columns: number): string[] {
  return Array.from({ length: columns }, (_, j) => someNames[j] ?? `列 ${j}`);
}

/**
 * Rows around one centre per class, so that classes and clusters can be told apart, and a target that is linear in
 * the columns, with little noise.
 */
export function makeSample(traits: Traits, request: SampleRequest = {}): Sample {
  const { rows = 48, columns = 3, seed = 0 } = request;
  const labels = (request.labels ?? threeLabels).slice(0, traits.mostClasses);
  const random = new RandomState(seed);
  const classes = classesOf(rows, labels.length, request.shares, random);
  const numbers = fillRows(traits.columns, classes, labels.length, columns, random);
  const x = new Matrix({ rows, columns, data: numbers, names: namesOf(columns) });
  return {
    x: traits.columns === 'text' ? asText(x) : traits.columns === 'dates' ? asDates(x) : x,
    y: targetOf(traits.target, x, classes, labels, random),
  };
}

/** Class 0, 1, … in turn, or as many of each as `shares` says, in random order after the first of each. */
function classesOf(
  rows: number,
  count: number,
  shares: readonly number[] | undefined,
  random: RandomState,
): Int32Array {
  const classes = Int32Array.from({ length: rows }, (_, i) => i % count);
  if (shares === undefined) return classes;
  const rest = shares.flatMap((share, k) => new Array<number>(share - 1).fill(k));
  classes.set(random.permutation(rest), count);
  return classes;
}

function fillRows(
  kind: Traits['columns'],
  classes: Int32Array,
  count: number,
  columns: number,
  random: RandomState,
): Float64Array {
  const data = sharedArray(Float64Array, classes.length * columns);
  let at = 0;
  for (const [i, k] of classes.entries()) {
    for (let j = 0; j < columns; j++) {
      // Every column orders the classes anew; neighbouring centres are about 4 / count apart, the noise is 0.5.
      const centre = (4 * ((k + j) % count)) / count;
      if (kind === 'numbers') data[at++] = (1 + (j % 5)) * (centre - 1 + 0.5 * random.standardNormal());
      else if (kind === 'positive') data[at++] = 0.1 + Math.abs(centre + 0.5 * random.standardNormal());
      else if (kind === 'dates') data[at++] = 19_000 + 100 * centre + random.randint(500);
      // The first three rows hold every level of every column.
      else data[at++] = i < 3 ? (i + j) % 3 : random.uniform() < 0.85 ? (k + j) % 3 : random.randint(3);
    }
  }
  return data;
}

function asText(x: Matrix): Frame {
  return new Frame(
    namesOf(x.columns).map((name, j) => [name, codeStrings(x.rows, (i) => levels[x.at(i, j)]!)]),
    x.rows,
  );
}

/** Days since 1970 as dates. */
function asDates(x: Matrix): Frame {
  return new Frame(
    namesOf(x.columns).map((name, j) => [
      name,
      { kind: 'date', values: x.column(j).map((day) => day * 86_400_000) },
    ]),
    x.rows,
  );
}

function targetOf(
  kind: Traits['target'],
  x: Matrix,
  classes: Int32Array,
  labels: readonly Label[],
  random: RandomState,
): Target | undefined {
  if (kind === 'none') return undefined;
  if (kind === 'classes') return Array.from(classes, (k) => labels[k]!);
  return Float64Array.from(classes, (_, i) => {
    let y = 10 + 0.1 * random.standardNormal();
    for (let j = 0; j < x.columns; j++) y += ((j % 3) - 0.5) * 3 * x.at(i, j);
    return kind === 'positive' ? Math.log1p(Math.exp(y / 10)) : y;
  });
}

/** The rows at `indices`, in that order. */
export function takeRows({ x, y }: Sample, indices: ArrayLike<number>): Sample {
  return { x: x.take(indices), y: y && takeTarget(y, indices) };
}

function takeTarget(y: Target, indices: ArrayLike<number>): Target {
  const rows = Array.from(indices);
  return y instanceof Float64Array ? Float64Array.from(rows, (i) => y[i]!) : rows.map((i) => y[i]!);
}

/** The sample with two targets, named, the second of another seed. */
export function withTwoTargets(
  traits: Traits,
  { x, y }: Sample,
): { readonly x: Matrix | Frame; readonly y: Matrix } {
  const second = makeSample(traits, { rows: x.rows, columns: x.names!.length, seed: 1 }).y as Float64Array;
  const data = Float64Array.from(
    { length: 2 * x.rows },
    (_, i) => (i % 2 === 0 ? y! : second)[i >> 1] as number,
  );
  return { x, y: new Matrix({ rows: x.rows, columns: 2, data, names: ['售价', 'rent'] }) };
}

/** `x` without names; a frame stays what it is. */
export function unnamed(x: Matrix | Frame): Matrix | Frame {
  return x instanceof Frame ? x : new Matrix({ rows: x.rows, columns: x.columns, data: x.data });
}

export function asFrame(x: Matrix | Frame): Frame {
  return x instanceof Frame ? x : Frame.fromMatrix(x);
}

/** `x` as a frame with one column replaced. */
export function withColumn(x: Matrix | Frame, name: string, column: Column): Frame {
  return asFrame(x).with(name, column);
}

/** A copy of a matrix with one cell replaced. */
export function withCell(x: Matrix, row: number, column: number, value: number): Matrix {
  const copy = x.take(Array.from({ length: x.rows }, (_, i) => i));
  copy.data[row * x.columns + column] = value;
  return copy;
}
