import type { z } from 'zod';
import { type RandomState, randomStateFrom } from '../../core/random.ts';
import { type EncodedLabels, encodeLabels } from './labels.ts';
import { shuffleOptions } from './option-schemas.ts';
import { shuffledParts } from './shuffle-split.ts';
import { partSizes } from './sizes.ts';
import { defineSplitter, type Split, type Splitter } from './splitter.ts';

const options = shuffleOptions(5);

/**
 * `nSplits` (default 5) independent random divisions of whole groups; rows are ascending. Sizes count groups, not rows: `testSize` (default 0.2 unless
 * `trainSize` is given), `trainSize` (default all the rest), `randomState` (default 0). The same rows as scikit-learn's `GroupShuffleSplit`.
 */
export function groupShuffleSplit(
  input: z.input<typeof options> = {},
): Splitter<Readonly<z.output<typeof options>>> {
  const name = 'groupShuffleSplit';
  return defineSplitter(name, options, input, ({ nSplits, randomState, ...sizeOptions }, n, data) => {
    const groups = encodeLabels(data.groups, n, 'groups', name);
    const { train, test } = partSizes(groups.values.length, sizeOptions, 0.2, name, 'groups');
    const random = randomStateFrom(randomState);
    return Array.from({ length: nSplits }, () => groupedParts(groups, train, test, random));
  });
}

/** The rows of `train` and `test` random groups, ascending. */
export function groupedParts(groups: EncodedLabels, train: number, test: number, random: RandomState): Split {
  const parts = shuffledParts(groups.values.length, train, test, random);
  return { train: rowsOfGroups(groups, parts.train), test: rowsOfGroups(groups, parts.test) };
}

function rowsOfGroups({ codes, counts }: EncodedLabels, chosen: Int32Array): Int32Array {
  const isChosen = new Uint8Array(counts.length);
  let size = 0;
  for (const group of chosen) {
    isChosen[group] = 1;
    size += counts[group]!;
  }
  const rows = new Int32Array(size);
  let at = 0;
  for (let i = 0; i < codes.length; i++) if (isChosen[codes[i]!] === 1) rows[at++] = i;
  return rows;
}
