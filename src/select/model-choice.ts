import { OptionError } from '../core/errors.ts';
import type { Column } from '../core/frame.ts';
import type { ClassifierSpecification } from '../define/define-classifier.ts';
import type { RegressorSpecification } from '../define/define-regressor.ts';
import type { ModelFactory } from '../define/specification.ts';
import { allFamilies, type Family, findFamily, isTrainable, memberFor, problemsOf } from './family.ts';
import { refuseTextAmongNumbers } from './number-text.ts';
import { optionsFromTexts } from './option-text.ts';
import { inferProblem, type Problem, requireProblem } from './problem.ts';
import type { ChoiceRecord } from './run/run-record.ts';
import type { ParsedTrainOptions } from './train-options.ts';

export type PredictorSpecification = RegressorSpecification | ClassifierSpecification;

/** What is to be predicted, and by which model. */
export interface ModelChoice {
  readonly problem: Problem;
  readonly problemReason: string;
  readonly family: string;
  /** Whether nobody named the family and nothing was compared. */
  readonly isDefault: boolean;
  /** Why this model, in words. */
  readonly reason: string;
  /** What it was compared with; null when nothing was. */
  readonly comparison: ChoiceRecord | null;
  readonly specification: PredictorSpecification;
}

/** Without a wish: linear models with a penalty, which stand up to many and to correlated columns. */
const defaultFamilies = { regression: 'ridge', classification: 'logistic-regression' } as const;

/**
 * Settles problem and model. The problem is the one said, else the one that the target suggests ({@link inferProblem}); a
 * family for one problem only decides where whole numbers leave both open.
 * @throws DataError when the target does not suit the problem; OptionError for an unknown family, one that does not do the
 *   problem (naming those that do), and for options that do not fit.
 */
export async function chooseModel(
  name: string,
  target: Column,
  options: Pick<ParsedTrainOptions, 'model' | 'problem' | 'modelOptions' | 'modelOptionTexts' | 'seed'>,
): Promise<ModelChoice> {
  const named = options.model === undefined ? undefined : await findFamily(options.model);
  const { problem, reason } = settleProblem(name, target, options.problem, named);
  const family = named ?? (await findFamily(defaultFamilies[problem]));
  const member = await requireMember(family, problem, reason);
  requireProblem(name, target, problem);
  return {
    problem,
    problemReason: reason,
    family: family.name,
    isDefault: named === undefined,
    reason: named === undefined ? 'the default' : 'as told',
    comparison: null,
    specification: specify(member, options),
  };
}

/** The model of a family that does the problem. @throws OptionError when there is none, naming the families that do. */
export async function requireMember(family: Family, problem: Problem, reason: string): Promise<ModelFactory> {
  const member = memberFor(family, problem);
  if (member === undefined || !isTrainable(family)) throw await wrongFamily(family, problem, reason);
  return member;
}

/**
 * The problem that was said, else the one that the target suggests.
 * @param family Decides where whole numbers leave both open and it does only one.
 * @throws DataError for single texts among numbers.
 */
export function settleProblem(
  name: string,
  target: Column,
  said: Problem | undefined,
  family?: Family,
): { problem: Problem; reason: string } {
  if (target.kind === 'string' && said !== 'classification') refuseTextAmongNumbers(name, target);
  const inferred = inferProblem(name, target);
  if (said !== undefined) return { problem: said, reason: `as told; ${inferred.reason}` };
  const [only, ...others] = family === undefined ? [] : problemsOf(family);
  if (only !== undefined && others.length === 0 && only !== inferred.problem && inferred.isOpen) {
    return { problem: only, reason: `${family!.name} does ${only}; ${inferred.reason}` };
  }
  return inferred;
}

async function wrongFamily(family: Family, problem: Problem, reason: string): Promise<OptionError> {
  const suited = (await allFamilies())
    .filter((other) => isTrainable(other) && memberFor(other, problem) !== undefined)
    .map((other) => other.name);
  const does = problemsOf(family);
  const what =
    does.length === 0 || !isTrainable(family) ? 'predicts no target by itself' : `does ${does.join(' and ')}`;
  return new OptionError(
    'option/wrong-problem',
    `${family.name} ${what}, but the problem is ${problem} (${reason}). Models for ${problem}: ${suited.join(', ')}.`,
    { model: family.name, problem, models: suited },
  );
}

/** The model with the options that were given, and with the seed where it draws. */
export function specify(
  member: ModelFactory,
  {
    modelOptions,
    modelOptionTexts,
    seed,
  }: Pick<ParsedTrainOptions, 'modelOptions' | 'modelOptionTexts' | 'seed'>,
): PredictorSpecification {
  const schema = member.definition.options;
  const isRandom = Object.hasOwn(schema.shape, 'randomState');
  return member.from({
    ...(isRandom && { randomState: seed }),
    ...modelOptions,
    ...optionsFromTexts(schema, modelOptionTexts),
  }) as PredictorSpecification;
}
