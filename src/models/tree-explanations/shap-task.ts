import { type TableWire, tableFromWire, toMatrix } from '../../core/table.ts';
import type { Job } from '../../jobs/job.ts';
import { type ShapProblem, type TreeShap, treeShap } from '../../math/trees/tree-shap.ts';

export interface ShapPayload {
  readonly problem: ShapProblem;
  readonly x: TableWire;
}

/** What the worker threads of `shapValues` run. */
export function shapTask({ problem, x }: ShapPayload, job: Job): Promise<TreeShap> {
  const workers = {
    team: job.team,
    checkpoint: () => job.checkpoint(),
    progress: (share: number) => job.progress(share),
  };
  return treeShap(workers, problem, toMatrix(tableFromWire(x)));
}
