import { OptionError } from '../../core/errors.ts';
import type { Schedule } from './schedule.ts';
import type { Optimizer, TransformKind, TransformKinds } from './transforms.ts';

/** An optimizer in the form that the kernels compute in one pass. */
export interface FusedOptimizer {
  readonly clipNorm: number;
  readonly clipValue: number;
  readonly decay: number;
  readonly core:
    | ({ readonly kind: 'momentum'; readonly rateFirst: boolean } & TransformKinds['trace'])
    | ({ readonly kind: 'adam' } & Required<TransformKinds['scaleByAdam']>)
    | ({ readonly kind: 'rms'; readonly momentum: number } & TransformKinds['scaleByRms']);
  readonly decoupledDecay: number;
  readonly schedule: Schedule;
}

/** Orders that one pass can follow. */
const orders: readonly (readonly TransformKind[])[] = [
  ['clipByGlobalNorm', 'clipByValue', 'addDecay', 'scaleByRate', 'trace'],
  ['clipByGlobalNorm', 'clipByValue', 'addDecay', 'scaleByAdam', 'addDecoupledDecay', 'scaleByRate'],
  ['clipByGlobalNorm', 'clipByValue', 'addDecay', 'scaleByRms', 'trace', 'addDecoupledDecay', 'scaleByRate'],
  ['clipByGlobalNorm', 'clipByValue', 'addDecay', 'trace', 'addDecoupledDecay', 'scaleByRate'],
];

/** @throws OptionError for an order that the kernels cannot follow. */
export function fuse(optimizer: Optimizer): FusedOptimizer {
  const kinds = optimizer.map(({ kind }) => kind);
  const follows = orders.some((order) => isSubsequence(kinds, order));
  const find = <K extends TransformKind>(kind: K) =>
    optimizer.find((transform) => transform.kind === kind) as TransformKinds[K] | undefined;
  const rate = find('scaleByRate');
  if (!follows || rate === undefined) {
    throw new OptionError(
      'option/invalid',
      `An optimizer cannot have the steps ${kinds.join(', ') || 'none'}. It has some of these in order, always with scaleByRate: ` +
        `${orders.map((order) => order.join(', ')).join('; or ')}.`,
      { option: 'optimizer' },
    );
  }
  return {
    clipNorm: find('clipByGlobalNorm')?.norm ?? Number.POSITIVE_INFINITY,
    clipValue: find('clipByValue')?.value ?? Number.POSITIVE_INFINITY,
    decay: find('addDecay')?.decay ?? 0,
    core: coreOf(kinds),
    decoupledDecay: find('addDecoupledDecay')?.decay ?? 0,
    schedule: rate.schedule,
  };

  function coreOf(order: readonly TransformKind[]): FusedOptimizer['core'] {
    const trace = find('trace') ?? { momentum: 0, nesterov: false };
    const [adam, rms] = [find('scaleByAdam'), find('scaleByRms')];
    if (adam !== undefined) return { epsilonAt: 'corrected', ...adam, kind: 'adam' };
    if (rms !== undefined) return { ...rms, kind: 'rms', momentum: trace.momentum };
    return { ...trace, kind: 'momentum', rateFirst: order.indexOf('scaleByRate') < order.indexOf('trace') };
  }
}

function isSubsequence(part: readonly TransformKind[], whole: readonly TransformKind[]): boolean {
  let at = -1;
  return part.every((kind) => {
    at = whole.indexOf(kind, at + 1);
    return at >= 0;
  });
}
