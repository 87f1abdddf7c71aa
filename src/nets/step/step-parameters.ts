import type { RandomState } from '../../core/random.ts';
import type { Arena } from '../../kernels/host/arena.ts';
import { initialize } from '../layers/initializers.ts';
import type { StepSpecs } from './step-graph.ts';
import { placeStep, type StepMemory, type StepParameter } from './step-memory.ts';

/** Restored, the steps go on as if they had never stopped, to the bit. */
export interface StepSnapshot {
  readonly weights: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly frozen: Float32Array;
  readonly step: number;
}

/** The parameters of a loss, in the memory where steps change them. */
export interface ParameterAccess {
  /** The parameters of a network, or all. */
  views(network?: string): Map<string, Float32Array>;
  /** The same with their addresses. */
  places(network?: string): readonly StepParameter[];
  /** target ← target + share (source − target), for two networks of the same layers; a share of 1 copies. */
  blend(target: string, source: string, share: number): void;
  setParameters(values: ReadonlyMap<string, ArrayLike<number>>): void;
  /** Copies, by name. */
  parameters(network?: string): Map<string, Float32Array>;
}

export interface StepParameters {
  readonly access: ParameterAccess;
  readonly memory: StepMemory;
  snapshot(step: number): StepSnapshot;
  restore(snapshot: StepSnapshot): void;
}

export interface FirstValues {
  /** Draws the parameters in order, those that are trained first; frozen networks begin at zero or as {@link ParameterAccess.blend} says. */
  readonly random: RandomState;
  /** Values to begin with, by name, in place of those drawn. */
  readonly values?: ReadonlyMap<string, ArrayLike<number>> | undefined;
}

/** @throws JobError beyond 4 GiB. */
export function openParameters(
  arena: Arena,
  { trained, frozen }: StepSpecs,
  { random, values: given }: FirstValues,
): StepParameters {
  const memory = placeStep(arena, trained, frozen);
  const all = [...memory.trained, ...memory.frozen];
  const view = ({ address, size }: StepParameter) => arena.viewF32(address, size);
  for (const one of memory.trained) {
    const values = new Float64Array(one.size);
    initialize(values, one.initializer, one.fans, random);
    view(one).set(given?.get(one.name) ?? values);
  }
  for (const one of memory.frozen) {
    const values = given?.get(one.name);
    if (values !== undefined) view(one).set(values);
  }
  const places = (network?: string) =>
    network === undefined ? all : all.filter(({ name }) => name.startsWith(`${network}.`));
  const stretch = (address: number, count: number) => arena.viewF32(address, count);
  const moments = ['weights', 'first', 'second'] as const;
  return {
    memory,
    access: {
      places,
      views: (network) => new Map(places(network).map((one) => [one.name, view(one)])),
      parameters: (network) => new Map(places(network).map((one) => [one.name, view(one).slice()])),
      setParameters(values) {
        for (const one of all) {
          const own = values.get(one.name);
          if (own !== undefined) view(one).set(own);
        }
      },
      blend(target, source, share) {
        for (const to of places(target)) {
          const from = all.find(({ name }) => name === source + to.name.slice(target.length))!;
          const [old, fresh] = [view(to), view(from)];
          if (share === 1) old.set(fresh);
          else for (let i = 0; i < old.length; i++) old[i]! += share * (fresh[i]! - old[i]!);
        }
      },
    },
    snapshot: (step) => ({
      ...(Object.fromEntries(
        moments.map((name) => [name, stretch(memory[name], memory.size).slice()]),
      ) as Pick<StepSnapshot, (typeof moments)[number]>),
      frozen: stretch(memory.frozenWeights, memory.frozenSize).slice(),
      step,
    }),
    restore(snapshot) {
      for (const name of moments) stretch(memory[name], memory.size).set(snapshot[name]);
      stretch(memory.frozenWeights, memory.frozenSize).set(snapshot.frozen);
    },
  };
}
