import { createHash, type Hash } from 'node:crypto';
import { Frame } from '../../core/frame.ts';
import { inSlices } from '../../core/slices.ts';
import type { Split } from '../../data/split/splitter.ts';
import { packSpecification, type Specification } from '../../define/specification.ts';
import type { Scorer } from '../../metrics/registry.ts';
import type { ErrorScore } from '../cross-validate/fold-runner.ts';
import type { LabelledRows } from '../cross-validate/labelled-rows.ts';

/** Hashes of all that decides the results of a search, one per part, so that a difference can be named. */
export interface Fingerprint {
  readonly data: string;
  readonly model: string;
  readonly folds: string;
  readonly scoring: string;
  readonly method: string;
}

/** What each part of a fingerprint is called in messages. */
export const partNames: { readonly [P in keyof Fingerprint]: string } = {
  data: 'the data',
  model: 'the model or its options',
  folds: 'the folds',
  scoring: 'the metrics or errorScore',
  method: 'the kind, spaces or settings of the search',
};

export interface Fingerprinted {
  readonly data: LabelledRows;
  readonly specification: Specification;
  readonly splits: readonly Split[];
  readonly scoring: readonly Scorer[];
  readonly errorScore: ErrorScore;
  readonly returnTrainScore: boolean;
  /** Plain data. */
  readonly method: unknown;
}

export async function fingerprintOf(search: Fingerprinted): Promise<Fingerprint> {
  const { specification, scoring, splits, method } = search;
  const { functions } = packSpecification(specification);
  const folds = createHash('sha256');
  for (const { train, test } of splits) {
    for (const rows of [train, test]) await addArray(folds.update(`${rows.length};`), rows);
  }
  return {
    data: await fingerprintData(search.data),
    model: hashText([
      specification.toJSON(),
      Object.entries(functions).map(([path, user]) => [path, String(user)]),
    ]),
    folds: folds.digest('hex'),
    scoring: hashText([
      scoring.map(({ name, greaterIsBetter, compute }) => [name, greaterIsBetter, String(compute)]),
      String(search.errorScore),
      search.returnTrainScore,
    ]),
    method: hashText(method),
  };
}

/** A hash of every cell, name, kind, target, weight and group. */
export async function fingerprintData(data: LabelledRows): Promise<string> {
  const { x, y, targets, classes, positiveClass, sampleWeight, groups } = data;
  const hash = createHash('sha256');
  const describe = (facts: unknown) => hash.update(`${JSON.stringify(facts)};`);
  if (x instanceof Frame) {
    for (const [name, column] of x.entries()) {
      describe([name, column.kind]);
      if (column.kind === 'string') {
        describe(column.levels);
        await addArray(hash, column.codes);
      } else {
        await addArray(hash, column.values);
        describe(column.missing !== undefined);
        if (column.missing !== undefined) await addArray(hash, column.missing);
      }
    }
  } else {
    describe([x.rows, x.columns, x.names, x.data.BYTES_PER_ELEMENT]);
    await addArray(hash, x.data);
  }
  describe([targets, classes, positiveClass, sampleWeight !== undefined, groups !== undefined]);
  for (const array of [y, sampleWeight, groups]) if (array !== undefined) await addArray(hash, array);
  return hash.digest('hex');
}

const SLICE_BYTES = 2 ** 20;

async function addArray(hash: Hash, array: ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  await inSlices(bytes.length, SLICE_BYTES, (from, to) => {
    // Hashes do not take views on shared memory.
    hash.update(bytes.slice(from, to));
  });
}

function hashText(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
}
