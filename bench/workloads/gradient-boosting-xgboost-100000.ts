import type { InProcess } from '../workload.ts';
import { boostingWorkload } from './boosting/data.ts';

export const workload: InProcess = boostingWorkload(
  'gradient boosting 100,000 × 28, 100 trees of 31 leaves, against XGBoost',
  1.3,
);
