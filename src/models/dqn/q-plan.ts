import type { Arena } from '../../kernels/host/arena.ts';
import {
  type DensePlace,
  listsBytes,
  type PanelLayer,
  type Panels,
  panelsBytes,
  panelsOf,
  scratchBytes,
  strideOf,
} from '../../nets/dense/panel-layers.ts';
import type { FusedOptimizer } from '../../nets/optimizers/fuse.ts';
import type { OptimizerMemory } from '../../nets/optimizers/fused-step.ts';
import type { StepMemory } from '../../nets/step/step-memory.ts';
import type { QShape } from './q-network.ts';

/** Units of all rows: in the states, in the next states by the network and by the target network, and the slopes of the loss. */
export interface QUnits {
  readonly units: number;
  readonly values: Panels;
  readonly next: Panels;
  readonly judged: Panels;
  readonly slopes: Panels;
}

export interface QLayer extends PanelLayer {
  readonly online: DensePlace;
  readonly target: DensePlace;
  readonly gradient: DensePlace;
  /** Which units it reads, from `first` on, and which it makes. */
  readonly from: number;
  readonly first: number;
  readonly to: number;
  /** Of active inputs, in the states and in the next states. */
  readonly lists: { readonly values: number; readonly next: number };
}

/** What a thread needs to take part in updates of a Q-network; plain data, the places being addresses of kernel memory. */
export interface QPlan {
  readonly rows: number;
  readonly actions: number;
  readonly double: boolean;
  readonly duelling: boolean;
  /** The inputs first, the outputs last: what actions are worth; of duelling streams the value, then the advantages. */
  readonly units: readonly QUnits[];
  readonly layers: readonly QLayer[];
  /** Row-major, for `room` batches one after another; 0 for what there is not. */
  readonly inputs: {
    readonly x: number;
    readonly next: number;
    readonly action: number;
    readonly reward: number;
    readonly discount: number;
    readonly weight: number;
    readonly forbidden: number;
  };
  readonly error: number;
  /** Float64, the loss of each panel of rows. */
  readonly losses: number;
  /** `scratchBytes` for each thread. */
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly optimizer: FusedOptimizer;
  readonly memory: OptimizerMemory;
}

export interface QPlanRequest {
  readonly shape: QShape;
  readonly rows: number;
  /** Batches that inputs have room for. */
  readonly room: number;
  readonly double: boolean;
  readonly prioritized: boolean;
  readonly masked: boolean;
  readonly threads: number;
  /** What the names of target networks begin with. */
  readonly targetPrefix: string;
  readonly optimizer: FusedOptimizer;
  readonly memory: StepMemory;
}

const RELU = 1;

/** Places what updates work on. @throws JobError beyond 4 GiB. */
export function placeQPlan(arena: Arena, request: QPlanRequest): QPlan {
  const { shape, rows, room, double, prioritized, masked, threads, optimizer } = request;
  const { inputs: width, actions, duelling } = shape;
  const zeros = (bytes: number) => {
    const address = arena.allocate(bytes);
    arena.viewU8(address, bytes).fill(0);
    return address;
  };
  const panels = (units: number): Panels => ({
    address: zeros(panelsBytes(units, rows)),
    stride: strideOf(units),
  });
  const unitsOf = (units: number, isHead: boolean): QUnits => {
    const next = panels(units);
    // The two networks look at the next states one after the other.
    const judged = isHead ? panels(units) : next;
    return { units, values: panels(units), next, judged, slopes: panels(units) };
  };
  const parts = layerParts(shape);
  const heads = duelling ? [1, actions] : [actions];
  const hidden = parts.slice(0, -heads.length).map(({ outputs }) => outputs);
  // On cache lines of their own.
  const bytes =
    64 * Math.ceil(Math.max(...parts.map(({ inputs, outputs }) => scratchBytes(inputs, outputs))) / 64);
  const batches = (size: number) => zeros(4 * room * rows * size);
  const { weights, gradients, first, second, size, decaying, squares } = request.memory;
  return {
    ...{ rows, actions, double, duelling, optimizer },
    units: [
      ...[width, ...hidden].map((units) => unitsOf(units, false)),
      ...heads.map((units) => unitsOf(units, true)),
    ],
    layers: parts.map(({ name, ...part }) => ({
      ...part,
      ...placesOf(request, name),
      lists: { values: zeros(listsBytes(part.inputs, rows)), next: zeros(listsBytes(part.inputs, rows)) },
    })),
    inputs: {
      ...{ x: batches(width), next: batches(width) },
      ...{ action: batches(1), reward: batches(1), discount: batches(1) },
      weight: prioritized ? batches(1) : 0,
      forbidden: masked ? batches(actions) : 0,
    },
    error: zeros(4 * rows),
    losses: zeros(8 * panelsOf(rows)),
    ...{ scratch: zeros(threads * bytes), scratchBytes: bytes },
    memory: { weights, gradients, first, second, size, decaying, squares },
  };
}

type QLayerPart = Pick<QLayer, 'inputs' | 'outputs' | 'activation' | 'before' | 'from' | 'first' | 'to'> & {
  /** Of its parameters among those of the network. */
  readonly name: string;
};

/** The layers of the networks of `qNetworks`, in order. */
function layerParts({ inputs, hiddenLayers, actions, duelling }: QShape): QLayerPart[] {
  const deep = hiddenLayers.length;
  const last = hiddenLayers.at(-1) ?? inputs;
  const widths = hiddenLayers.map((units, k) => (duelling && k === deep - 1 ? 2 * units : units));
  const parts: QLayerPart[] = widths.map((outputs, k) => ({
    ...{ name: `${duelling ? 'trunk' : 'q'}.${2 * k}`, inputs: k === 0 ? inputs : widths[k - 1]!, outputs },
    ...{ activation: RELU, before: k === 0 ? 0 : RELU, from: k, first: 0, to: k + 1 },
  }));
  const head = (name: string, outputs: number, first: number, to: number): QLayerPart => ({
    ...{ name, inputs: last, outputs, activation: 0, before: deep === 0 ? 0 : RELU, from: deep, first, to },
  });
  if (!duelling) return [...parts, head(`q.${2 * deep}`, actions, 0, deep + 1)];
  // Without hidden layers both streams read the observation itself.
  const second = deep === 0 ? 0 : last;
  return [...parts, head('value.0', 1, 0, deep + 1), head('advantage.0', actions, second, deep + 2)];
}

function placesOf({ memory, targetPrefix }: QPlanRequest, name: string) {
  const of = (kind: 'trained' | 'frozen', full: string, key: 'address' | 'gradient'): DensePlace => {
    const place = (part: string) => memory[kind].find((one) => one.name === `${full}.${part}`)![key];
    return { weights: place('weights'), bias: place('bias') };
  };
  return {
    online: of('trained', name, 'address'),
    target: of('frozen', targetPrefix + name, 'address'),
    gradient: of('trained', name, 'gradient'),
  };
}
