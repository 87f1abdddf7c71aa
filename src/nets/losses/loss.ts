import { add, divide, multiply, reshape, sum } from '../../tensor/functions.ts';
import type { Shape, Tensor } from '../../tensor/tensor.ts';
import { type ClassLossKinds, classLosses } from './class-losses.ts';
import type { LossRule, LossRules } from './loss-rule.ts';
import { type ValueLossKinds, valueLosses } from './value-losses.ts';

/** What is minimised: the mean over rows, weighted by the weights of the rows, of the loss of a row. */
export interface LossKinds extends ClassLossKinds, ValueLossKinds {}

export type LossKind = keyof LossKinds;
export type Loss = { readonly [K in LossKind]: { readonly kind: K } & LossKinds[K] }[LossKind];

/** Every kind of loss; one that is missing does not compile. */
const lossRules: LossRules<LossKinds> = { ...classLosses, ...valueLosses };

const ruleOf = ({ kind }: Loss) => lossRules[kind] as LossRule<LossKinds[LossKind]>;

/** Whether targets are numbers [rows, …outputs] or class numbers, one for each place of the outputs but along their last axis. */
export function targetKind(loss: Loss): 'values' | 'labels' {
  return ruleOf(loss).target;
}

/** The shape of the targets of one row. @param output That of what the network gives for it. */
export function targetShape(loss: Loss, output: Shape): Shape {
  return targetKind(loss) === 'labels' ? output.slice(0, -1) : output;
}

/**
 * By how much the loss weighs a row besides the row's own weight, from its target, as with weights of classes; undefined when all rows
 * weigh 1. Weights of rows in a graph are products of both.
 */
export function targetWeight(loss: Loss): ((target: ArrayLike<number>) => number) | undefined {
  return ruleOf(loss).weight?.(loss as never);
}

/** A class number beyond those of the network that stands for places that do not count. */
export function ignoredIndex(loss: Loss): number | undefined {
  return loss.kind === 'crossEntropy' ? loss.ignoreIndex : undefined;
}

/**
 * Adds the loss of each row, [rows], to a graph.
 * @param penalties What layers add to it.
 */
export function buildRowLosses(
  loss: Loss,
  { output, penalties }: { readonly output: Tensor; readonly penalties: readonly Tensor[] },
  target: Tensor,
): Tensor {
  const rows = ruleOf(loss).rows(loss as never, output, target);
  return penalties.reduce((total, penalty) => add(total, penalty), rows);
}

/**
 * Adds Σ w_i l_i / W to a graph.
 * @param rows l, see {@link buildRowLosses}.
 * @param weights Of the rows, [rows].
 * @param total W, [1]: the weight of the whole batch, of which these rows may be a part.
 */
export function buildLoss(rows: Tensor, weights: Tensor, total: Tensor): Tensor {
  // The factors do not vary, so that backwards there is one product.
  return sum(multiply(rows, divide(weights, reshape(total, []))));
}
