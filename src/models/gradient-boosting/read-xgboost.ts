import { readFile } from 'node:fs/promises';
import { FileError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import type { Label } from '../../core/labels.ts';
import { runJob } from '../../jobs/pool.ts';
import { type ForeignBooster, type ForeignKind, restoreForeign } from './restore-foreign.ts';
import { parseXgboost, type XgboostJson } from './xgboost-json.ts';
import type { XgboostPayload } from './xgboost-task.ts';

export interface ReadXgboostOptions {
  /** What XGBoost's classes 0, 1, … are called, in that order. Default: these numbers. */
  readonly classes?: readonly Label[] | undefined;
}

const taskModule = new URL(`./xgboost-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;
const taskName = 'xgboostTask' satisfies keyof typeof import('./xgboost-task.ts');
/** Characters that are read in some milliseconds. */
const INLINE_LENGTH = 1 << 17;

interface Objective {
  readonly kind: ForeignKind;
  /** From the space of predictions, in which the file has its base score, to that of the trees' sums. */
  readonly link: 'identity' | 'log' | 'logit';
  /** What heddle calls the loss; absent where it has none of the kind. */
  readonly loss?: string;
}

const values = (loss?: string): Objective => ({
  ...{ kind: { problem: 'values', link: 'identity' }, link: 'identity' },
  ...(loss !== undefined && { loss }),
});
const counts = (loss: string): Objective => ({ kind: { problem: 'values', link: 'log' }, link: 'log', loss });
const classes = (link: 'identity' | 'logit'): Objective => ({ kind: { problem: 'classes' }, link });

/** By the objective's name; what ranks is read as a regressor of its score. */
const objectives: Readonly<Record<string, Objective>> = {
  ...{ 'reg:squarederror': values('squaredError'), 'reg:linear': values('squaredError') },
  ...{ 'reg:absoluteerror': values('absoluteError'), 'reg:pseudohubererror': values('huber') },
  ...{ 'reg:quantileerror': values('quantile'), 'reg:squaredlogerror': values() },
  ...{ 'count:poisson': counts('poisson'), 'reg:gamma': counts('gamma'), 'reg:tweedie': counts('tweedie') },
  ...{ 'binary:logistic': classes('logit'), 'binary:logitraw': values() },
  ...{ 'multi:softprob': classes('identity'), 'multi:softmax': classes('identity') },
  ...{ 'rank:ndcg': values(), 'rank:pairwise': values(), 'rank:map': values() },
};

/**
 * A model that XGBoost saved as JSON (`booster.save_model('model.json')`), as a fitted gradient boosting that predicts the same, but for
 * XGBoost's sums in float32: it saves, serves, explains and exports like any other. Columns that XGBoost took for categories hold their codes.
 * @param file Its path.
 * @throws FileError for a file that cannot be read, is no such model or damaged, or holds what heddle does not know (linear boosters, several
 *   targets, other objectives); OptionError for classes of another number.
 */
export async function readXgboost(
  file: string,
  { classes: labels }: ReadXgboostOptions = {},
): Promise<ForeignBooster> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileErrorFrom(error, file, 'read');
  });
  const parsed =
    text.length < INLINE_LENGTH
      ? parseXgboost(text, file)
      : await runJob<XgboostPayload, XgboostJson>({
          ...{ module: taskModule, name: taskName, payload: { text, file } },
        });
  const objective = objectiveOf(parsed, file);
  const { trees, columns, names } = parsed;
  return restoreForeign({
    ...{ kind: objective.kind, trees, labels, reader: 'readXgboost' },
    schema: { columns, ...(names !== undefined && { names }) },
    baseline: baselineOf(parsed, objective, file),
    options:
      objective.kind.problem === 'values' && objective.loss !== undefined ? { loss: objective.loss } : {},
  });
}

function objectiveOf({ objective, outputs }: XgboostJson, file: string): Objective {
  const found = Object.hasOwn(objectives, objective) ? objectives[objective] : undefined;
  if (found !== undefined && outputs > 1 === objective.startsWith('multi:')) return found;
  throw new FileError(
    'file/unsupported',
    `'${file}' has the objective '${objective}' with ${outputs} outputs, which heddle does not know. Known are ${Object.keys(objectives).join(', ')}.`,
    { file },
  );
}

function baselineOf({ baseScore, outputs }: XgboostJson, { link }: Objective, file: string): Float64Array {
  const scores = Float64Array.from({ length: outputs }, (_, k) => baseScore[k] ?? baseScore[0]!);
  const baseline = scores.map((score) => {
    if (link === 'log') return Math.log(score);
    return link === 'logit' ? Math.log(score / (1 - score)) : score;
  });
  if (baseline.every(Number.isFinite)) return baseline;
  throw new FileError(
    'file/damaged',
    `'${file}' is damaged: base_score ${scores.join(', ')} is beyond what its objective predicts.`,
    {
      file,
    },
  );
}
