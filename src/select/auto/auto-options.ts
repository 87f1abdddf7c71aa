import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { option, parseOptions } from '../../core/options.ts';
import { type Budget, checkBudget } from '../search/budget.ts';
import { type ParsedTrainOptions, type TrainTableOptions, trainTableOptions } from '../train-options.ts';

/** What a choice may spend; at least one limit, or by default a minute and 60 trials, whichever is reached first. */
export interface ChoiceBudget extends Budget {
  /** Sets of options that are cross-validated, over all candidates. With this limit alone the choice is repeatable. */
  readonly trials?: number | undefined;
}

const DEFAULT_BUDGET: ChoiceBudget = { seconds: 60, trials: 60 };

const amount = z.number().positive().optional();

/** Options of `autoTrain`: those of `trainTable` that say nothing of one model, and how to choose. */
const autoTrainOptions = trainTableOptions
  .omit({ model: true, modelOptions: true, modelOptionTexts: true })
  .extend({
    metric: option(
      z.string().optional(),
      'What decides; by default r2 for numbers, rocAuc for two classes and f1 for more.',
    ),
    candidates: option(
      z.array(z.string()).min(1).readonly().optional(),
      'Families to compare; by default all that suit the problem.',
    ),
    folds: option(z.int().min(2).max(100).default(5), 'Folds of the cross-validation of the training rows.'),
    budget: option(
      z
        .strictObject({
          seconds: amount,
          trials: z.int().positive().optional(),
          cpuSeconds: amount,
          cost: amount,
          pricePerCpuHour: amount,
        })
        .optional(),
      'What the choice may spend: seconds, trials, cpuSeconds, or cost at a pricePerCpuHour; by default 60 seconds and 60 trials.',
    ),
  });

export type AutoTrainOptions = Omit<TrainTableOptions, 'modelOptions' | 'modelOptionTexts' | 'model'> & {
  /** `'auto'` says what is said without it; a name is refused. */
  readonly model?: 'auto' | undefined;
  readonly metric?: string | undefined;
  readonly candidates?: readonly string[] | undefined;
  readonly folds?: number | undefined;
  readonly budget?: ChoiceBudget | undefined;
};

export interface ParsedAutoOptions {
  readonly train: ParsedTrainOptions;
  readonly metric: string | undefined;
  readonly candidates: readonly string[] | undefined;
  readonly folds: number;
  readonly budget: ChoiceBudget;
}

/** @throws OptionError, also for a model that is named: then there is nothing to choose. */
export function parseAutoOptions({ model, ...options }: AutoTrainOptions): ParsedAutoOptions {
  if (model !== undefined && model !== 'auto') {
    throw new OptionError(
      'option/conflict',
      `autoTrain chooses the model, so model cannot be '${String(model)}'. Take trainTable, or candidates: ['${String(model)}'] to tune it.`,
      { option: 'model' },
    );
  }
  const { metric, candidates, folds, budget, ...rest } = parseOptions(autoTrainOptions, options, 'autoTrain');
  const train = parseOptions(trainTableOptions, rest, 'autoTrain');
  return { train, metric, candidates, folds, budget: choiceBudget(budget) };
}

/** A price alone is no limit. */
function choiceBudget(given: ChoiceBudget | undefined): ChoiceBudget {
  const { trials, ...amounts } = given ?? {};
  checkBudget(amounts);
  const { pricePerCpuHour, ...limits } = amounts;
  const isLimited = trials !== undefined || Object.values(limits).some((limit) => limit !== undefined);
  return isLimited
    ? { ...given }
    : { ...DEFAULT_BUDGET, ...(pricePerCpuHour !== undefined && { pricePerCpuHour }) };
}
