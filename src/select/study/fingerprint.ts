import { createHash } from 'node:crypto';
import type { Split } from '../../data/split/splitter.ts';
import { packSpecification, type Specification } from '../../define/specification.ts';
import type { Scorer } from '../../metrics/registry.ts';
import type { ErrorScore } from '../cross-validate/fold-runner.ts';
import type { LabelledRows } from '../cross-validate/labelled-rows.ts';
import { hashArray, hashFacts, hashTable } from '../fingerprint-table.ts';

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
    for (const rows of [train, test]) await hashArray(folds.update(`${rows.length};`), rows);
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
async function fingerprintData(data: LabelledRows): Promise<string> {
  const { x, y, targets, classes, positiveClass, sampleWeight, groups } = data;
  const hash = createHash('sha256');
  await hashTable(hash, x);
  hashFacts(hash, [targets, classes, positiveClass, sampleWeight !== undefined, groups !== undefined]);
  for (const array of [y, sampleWeight, groups]) if (array !== undefined) await hashArray(hash, array);
  return hash.digest('hex');
}

function hashText(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
}
