import { countShared, sharedBuffer } from '../core/shared-memory.ts';
import { instantiate, kernelModule } from '../kernels/host/instance.ts';
import { wasm } from '../kernels/host/webassembly.ts';
import { ARENA_BASE } from '../kernels/layout.ts';
import type { Kernels } from '../kernels/signatures.ts';
import type { ActionArray, CopyPlaces, Dynamics, ObservationArray } from './dynamics.ts';
import { type Space, spaceWidth } from './space.ts';

/** What belongs to many copies of an environment, in shared memory. */
export interface CopyArrays {
  readonly state: Float64Array;
  readonly actions: ActionArray;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly observations: ObservationArray;
  readonly finalObservations: ObservationArray;
  /** One step of all copies by a kernel on these arrays, see `Dynamics.advanceAll`; undefined where the dynamics have none. */
  readonly advanceAll: (() => number) | undefined;
}

const PAGE_BYTES = 65536;
/** Pages that the kernels ask for at least. */
const LEAST_PAGES = 4;
/** What WebAssembly holds. */
const MOST_PAGES = 65536;

/** Arrays for `copies` copies; where a kernel steps them, in a memory of their own that is no larger than it must be. */
export function copyArrays(dynamics: Dynamics, copies: number): CopyArrays {
  const { observationSpace, actionSpace, stateSize } = dynamics;
  // Kernels step pairs.
  const padded = copies + (copies % 2);
  const [width, actionWidth] = [spaceWidth(observationSpace), spaceWidth(actionSpace)];
  let bytes = 0;
  const place = (count: number, size: number) => {
    const at = bytes;
    bytes += 64 * Math.ceil((padded * count * size) / 64);
    return at;
  };
  const places = {
    state: place(stateSize, 8),
    actions: place(actionWidth, 4),
    rewards: place(1, 8),
    terminated: place(1, 1),
    truncated: place(1, 1),
    observations: place(width, 4),
    finalObservations: place(width, 4),
  };
  const { base, buffer, kernels } = memoryOf(dynamics, bytes);
  const numbers = (space: Space, address: number, count: number) =>
    space.kind === 'box' ? new Float32Array(buffer, address, count) : new Int32Array(buffer, address, count);
  const at: CopyPlaces = {
    state: base + places.state,
    actions: base + places.actions,
    rewards: base + places.rewards,
    terminated: base + places.terminated,
    observations: base + places.observations,
  };
  const spare = new Float64Array(buffer, at.state + 8 * copies * stateSize, (padded - copies) * stateSize);
  return {
    state: new Float64Array(buffer, at.state, copies * stateSize),
    actions: numbers(actionSpace, at.actions, copies * actionWidth),
    rewards: new Float64Array(buffer, at.rewards, copies),
    terminated: new Uint8Array(buffer, at.terminated, copies),
    truncated: new Uint8Array(buffer, base + places.truncated, copies),
    observations: numbers(observationSpace, at.observations, copies * width),
    finalObservations: numbers(observationSpace, base + places.finalObservations, copies * width),
    advanceAll:
      kernels &&
      (() => {
        // The one that makes the number even stays where it is.
        if (padded > copies) spare.fill(0);
        return dynamics.advanceAll!(kernels, at, padded);
      }),
  };
}

function memoryOf(
  { advanceAll }: Dynamics,
  bytes: number,
): { readonly base: number; readonly buffer: SharedArrayBuffer; readonly kernels: Kernels | undefined } {
  const pages = Math.max(LEAST_PAGES, Math.ceil((ARENA_BASE + bytes) / PAGE_BYTES));
  if (advanceAll === undefined || pages > MOST_PAGES)
    return { base: 0, buffer: sharedBuffer(bytes), kernels: undefined };
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  countShared(pages * PAGE_BYTES);
  return { base: ARENA_BASE, buffer: memory.buffer, kernels: instantiate(kernelModule(), memory) };
}
