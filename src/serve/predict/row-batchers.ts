import type { ServeContext } from '../context.ts';
import type { Serving } from '../model/model-slot.ts';
import { RowBatcher } from './row-batcher.ts';
import { rowsToFrame } from './rows-to-frame.ts';
import { withinDeadline } from './within-deadline.ts';

/** The batcher of a model that is served. */
export type BatcherOf = (serving: Serving) => RowBatcher;

/** Every version that is served gathers rows of its own. */
export function rowBatchers({ settings, metrics }: Pick<ServeContext, 'settings' | 'metrics'>): BatcherOf {
  const batchers = new WeakMap<Serving, RowBatcher>();
  return (serving) => {
    let batcher = batchers.get(serving);
    if (batcher === undefined) {
      const { model } = serving;
      batcher = new RowBatcher({
        toFrame: (rows) => rowsToFrame(model.columns, rows),
        predict: (x) => withinDeadline(settings.requestTimeoutMs, (signal) => model.predict(x, signal)),
        onBatch: (rows) => metrics.batched(rows),
      });
      batchers.set(serving, batcher);
    }
    return batcher;
  };
}
