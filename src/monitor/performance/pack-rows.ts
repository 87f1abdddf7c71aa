import type { Label } from '../../core/labels.ts';
import { sharedArray } from '../../core/shared.ts';
import { inSlices } from '../../core/slices.ts';
import type { LabelledRows } from './measured-performance.ts';

type ClassRows = Extract<LabelledRows, { kind: 'classification' }>;

/** Labelled rows as typed arrays on shared memory, which go to a thread without a copy. */
export type PackedRows =
  | Extract<LabelledRows, { kind: 'regression' }>
  | (Pick<ClassRows, 'kind' | 'classes' | 'positiveClass'> & {
      readonly distinct: readonly Label[];
      /** Places in `distinct`. */
      readonly truth: Int32Array;
      readonly predictions: Int32Array;
      /** (rows, classes); absent without probabilities. */
      readonly probabilities: Float64Array | undefined;
    });

export async function packRows(rows: LabelledRows): Promise<PackedRows> {
  if (rows.kind === 'regression') return rows;
  const { classes, positiveClass, probabilities } = rows;
  const n = rows.truth.length;
  const places = new Map<Label, number>();
  const placeOf = (label: Label): number => {
    const place = places.get(label) ?? places.size;
    places.set(label, place);
    return place;
  };
  const truth = sharedArray(Int32Array, n);
  const predictions = sharedArray(Int32Array, n);
  const flat = probabilities && sharedArray(Float64Array, n * classes.length);
  await inSlices(n, 2048, (from, to) => {
    for (let i = from; i < to; i++) {
      truth[i] = placeOf(rows.truth[i]!);
      predictions[i] = placeOf(rows.predictions[i]!);
      flat?.set(probabilities![i]!, i * classes.length);
    }
  });
  const distinct = [...places.keys()];
  return {
    kind: 'classification',
    classes,
    positiveClass,
    distinct,
    truth,
    predictions,
    probabilities: flat,
  };
}

export function unpackRows(packed: PackedRows): LabelledRows {
  if (packed.kind === 'regression') return packed;
  const { classes, distinct, probabilities: flat, kind, positiveClass } = packed;
  const labels = (codes: Int32Array): Label[] => Array.from(codes, (code) => distinct[code]!);
  return {
    ...{ kind, classes, positiveClass },
    truth: labels(packed.truth),
    predictions: labels(packed.predictions),
    probabilities:
      flat &&
      Array.from(packed.truth, (_, i) =>
        Array.from(flat.subarray(i * classes.length, (i + 1) * classes.length)),
      ),
  };
}
