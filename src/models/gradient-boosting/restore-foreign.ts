import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor } from '../../define/define-regressor.ts';
import { restoreModel } from '../../define/factory.ts';
import type { TargetSchema } from '../../define/fitted.ts';
import type { InputSchema } from '../../define/schema.ts';
import type { Trees } from '../../math/trees/trees.ts';
import type { ColumnCategories } from '../tree-categories.ts';
import type { BoostingAttributes, BoostingState } from './boosting-attributes.ts';
import { gradientBoostingClassifier } from './gradient-boosting-classifier.ts';
import { gradientBoostingRegressor } from './gradient-boosting-regressor.ts';

/** A gradient boosting of heddle's that another library has fitted. */
export type ForeignBooster =
  | FittedRegressor<BoostingAttributes>
  | FittedClassifier<Label, BoostingAttributes>;

/** What the sum of the trees stands for. */
export type ForeignKind =
  | { readonly problem: 'values'; readonly link: 'identity' | 'log' }
  | { readonly problem: 'classes' };

export interface ForeignTrees {
  readonly kind: ForeignKind;
  readonly trees: Trees;
  /** Scores before the first tree, one an output. */
  readonly baseline: Float64Array;
  readonly schema: InputSchema;
  /** Of the columns of categories; default: there are none. */
  readonly categories?: readonly ColumnCategories[];
  /** What the classes 0, 1, … are called; default: these numbers. */
  readonly labels: readonly Label[] | undefined;
  /** Options beside `nEstimators`, for those who read them or train on. */
  readonly options: object;
  /** The function that reads, for messages. */
  readonly reader: string;
}

/** The trees of another library as a fitted model. @throws OptionError for labels of another number than the classes. */
export async function restoreForeign(foreign: ForeignTrees): Promise<ForeignBooster> {
  const { kind, trees, baseline, schema, categories = [], options } = foreign;
  const isClassifier = kind.problem === 'classes';
  const state: BoostingState = {
    ...{ trees, columns: schema.columns, baseline, validationLoss: new Float64Array(0) },
    ...(categories.length > 0 && { categories }),
    ...(kind.problem === 'values' && { link: kind.link }),
  };
  const factory = isClassifier ? gradientBoostingClassifier : gradientBoostingRegressor;
  const nEstimators = trees.roots.length / baseline.length;
  const record = {
    specification: factory({ nEstimators, ...options } as never).toJSON(),
    schema,
    target: isClassifier ? classTarget(foreign) : valueTarget,
    state: state as never,
    summary: { rows: trees.samples[0] ?? 0, seconds: 0, warnings: [] },
  };
  return (await restoreModel(record, () => factory as never)) as unknown as ForeignBooster;
}

const valueTarget: TargetSchema = { kind: 'values', targets: 1, several: false };

function classTarget({ baseline, labels, reader }: ForeignTrees): TargetSchema {
  const outputs = baseline.length;
  const count = outputs === 1 ? 2 : outputs;
  const found = labels ?? Array.from({ length: count }, (_, k) => k);
  if (found.length !== count || new Set(found).size !== count) {
    throw new OptionError(
      'option/invalid',
      `${reader}: classes must name the ${count} classes of the model, each once; got ${found.length}.`,
      { option: 'classes' },
    );
  }
  return { kind: 'classes', classes: [...found], positiveClass: count === 2 ? found[1]! : null };
}
