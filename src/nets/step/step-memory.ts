import type { Arena } from '../../kernels/host/arena.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import type { ParameterSpec } from '../layers/layer-rule.ts';
import { blocksOf, type OptimizerMemory } from '../optimizers/fused-step.ts';

/** A parameter and the address of its float32 values in kernel memory. */
export interface StepParameter extends ParameterSpec {
  readonly address: number;
  readonly size: number;
  /** Of its gradient; 0 where it is not trained. */
  readonly gradient: number;
}

/** Where a step works: parameters that are trained, and those that only take part. */
export interface StepMemory extends OptimizerMemory {
  readonly trained: readonly StepParameter[];
  readonly frozen: readonly StepParameter[];
  readonly frozenWeights: number;
  readonly frozenSize: number;
}

/** Parameters begin on cache lines. */
const ALIGNED = 16;

interface Laid {
  readonly spec: ParameterSpec;
  readonly at: number;
}

function lay(specs: readonly ParameterSpec[], from: number): { readonly laid: Laid[]; readonly end: number } {
  let end = from;
  const laid = specs.map((spec) => {
    const at = end;
    end += Math.ceil(sizeOf(spec.shape) / ALIGNED) * ALIGNED;
    return { spec, at };
  });
  return { laid, end };
}

/** Weights that decay come first, so that each kind is one stretch of memory. @throws JobError beyond 4 GiB. */
export function placeStep(
  arena: Arena,
  trained: readonly ParameterSpec[],
  frozen: readonly ParameterSpec[],
): StepMemory {
  const decays = lay(
    trained.filter((spec) => spec.decays),
    0,
  );
  const others = lay(
    trained.filter((spec) => !spec.decays),
    decays.end,
  );
  const held = lay(frozen, 0);
  const size = others.end;
  const zeros = (count: number) => {
    const address = arena.f32(count);
    arena.viewF32(address, count).fill(0);
    return address;
  };
  const [weights, gradients] = [zeros(size), zeros(size)];
  const frozenWeights = zeros(held.end);
  const place = ({ spec, at }: Laid, base: number, gradient: number): StepParameter => ({
    ...spec,
    address: base + 4 * at,
    size: sizeOf(spec.shape),
    gradient,
  });
  const placed = [...decays.laid, ...others.laid].map((one) => place(one, weights, gradients + 4 * one.at));
  return {
    ...{ weights, gradients, size, decaying: decays.end, frozenWeights, frozenSize: held.end },
    ...{ first: zeros(size), second: zeros(size), squares: arena.f64(blocksOf(size)) },
    trained: trained.map(({ name }) => placed.find((one) => one.name === name)!),
    frozen: held.laid.map((one) => place(one, frozenWeights, 0)),
  };
}
