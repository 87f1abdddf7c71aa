import { z } from 'zod';
import { DataError, OptionError } from '../core/errors.ts';
import { option } from '../core/options.ts';

/** Options and checks of models that start from centres. */

const initSchema = () =>
  z.union([z.enum(['k-means++', 'random']), z.array(z.array(z.number())).min(1)]).default('k-means++');

export const initOption = () =>
  option(
    initSchema(),
    'Where the centres start: spread out (k-means++), random rows, or the rows given here.',
  );

type Init = z.output<ReturnType<typeof initSchema>>;

interface CenterOptions {
  readonly nClusters: number;
  readonly init: Init;
}

/** @throws OptionError for given centres that are not `nClusters`, or not all of one length. */
export function checkInit(model: string, { nClusters, init }: CenterOptions): void {
  if (typeof init === 'string') return;
  const ragged = init.findIndex((row) => row.length !== init[0]!.length);
  if (init.length === nClusters && ragged < 0) return;
  throw new OptionError(
    'option/invalid',
    init.length !== nClusters
      ? `${model}: option 'init' has ${init.length} rows, but nClusters is ${nClusters}; give one row for each cluster.`
      : `${model}: row ${ragged} of option 'init' has ${init[ragged]!.length} numbers where row 0 has ${init[0]!.length}.`,
    { option: 'init' },
  );
}

/** @throws DataError for fewer rows than clusters; OptionError for given centres of another number of columns. */
export function requireFitting(
  model: string,
  { nClusters, init }: CenterOptions,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): void {
  if (rows < nClusters) {
    throw new DataError(
      'data/too-few-rows',
      `${model} cannot make ${nClusters} clusters of ${rows} ${rows === 1 ? 'row' : 'rows'}. Set nClusters to at most ${rows}.`,
      { rows, nClusters },
    );
  }
  if (typeof init !== 'string' && init[0]!.length !== columns) {
    throw new OptionError(
      'option/invalid',
      `${model}: option 'init' has ${init[0]!.length} columns, but x has ${columns}.`,
      { option: 'init' },
    );
  }
}

/** Starts to compare: one from given centres; `auto` is `ofRandom` from random rows and one from spread-out ones. */
export function startCount(init: Init, nInit: number | 'auto', ofRandom: number): number {
  if (typeof init !== 'string') return 1;
  if (nInit !== 'auto') return nInit;
  return init === 'random' ? ofRandom : 1;
}
