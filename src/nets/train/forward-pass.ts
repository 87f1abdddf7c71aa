import { openTensorSession, type TensorSession } from '../../tensor/session.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { type Loss, targetKind } from '../losses/loss.ts';
import { layerName, type Network } from '../network.ts';
import { type ForwardOutputs, forwardGraph } from './training-graph.ts';
import type { PlacedParameter } from './training-memory.ts';

/** Rows that go through the network at once. */
const BLOCK_ROWS = 256;

/** Row-major rows, with their targets where losses are asked for. */
export interface ForwardRows {
  readonly x: Float32Array | Float64Array;
  readonly rows: number;
  readonly target?: Float32Array | Float64Array | Int32Array;
}

/** A network without gradients, from weights that training may change between calls. */
export interface ForwardPass {
  /** What the last layer gives, row-major. */
  outputs(rows: ForwardRows): Promise<Float32Array>;
  /** The loss of each row, and the outputs that it is of. */
  losses(
    rows: Required<ForwardRows>,
  ): Promise<{ readonly losses: Float32Array; readonly outputs: Float32Array }>;
  /** The first layer that gives a number that is not finite, as {@link layerName} calls it; undefined when none does. */
  firstUnfit(rows: ForwardRows): Promise<string | undefined>;
  close(): Promise<void>;
}

interface Bound {
  readonly x: Float32Array;
  readonly target: Float32Array | Int32Array;
  readonly outputs: Readonly<Record<string, Float32Array>>;
  compute(): Promise<void>;
}

/** @param weightsOf The place of a parameter's values. */
export function forwardPass(
  { network, loss }: { readonly network: Network; readonly loss: Loss },
  parameters: readonly PlacedParameter[],
  weightsOf: (parameter: PlacedParameter) => Float32Array,
  checkpoint: () => void,
): ForwardPass {
  const inputs = sizeOf(network.inputShape);
  const sessions: TensorSession[] = [];
  const bound = new Map<string, Promise<Bound>>();

  async function bind(rows: number, which: ForwardOutputs): Promise<Bound> {
    const graph = forwardGraph(network, loss, rows, which);
    const session = await openTensorSession(graph);
    sessions.push(session);
    const x = new Float32Array(rows * inputs);
    const shape = (graph.inputs.find(({ name }) => name === 'target')?.shape ?? [0]) as readonly number[];
    const target = new (targetKind(loss) === 'labels' ? Int32Array : Float32Array)(sizeOf(shape));
    const results = graph.outputs.map((port) => {
      const fixed = port.shape as readonly number[];
      return [port.name, { data: new Float32Array(sizeOf(fixed)), shape: fixed }] as const;
    });
    const weights = parameters.map((one) => [one.name, { data: weightsOf(one), shape: one.shape }] as const);
    const feeds = {
      ...Object.fromEntries(weights),
      ...{ x: { data: x, shape: [rows, ...network.inputShape] }, target: { data: target, shape } },
    };
    const outputs = Object.fromEntries(results.map(([name, { data }]) => [name, data]));
    return { x, target, outputs, compute: session.bind(feeds, Object.fromEntries(results)) };
  }

  async function through(
    { x, rows, target }: ForwardRows,
    which: ForwardOutputs,
    use: (outputs: Bound['outputs'], from: number, count: number) => void,
  ): Promise<void> {
    const width = (target?.length ?? 0) / Math.max(1, rows);
    for (let from = 0; from < rows; from += BLOCK_ROWS) {
      checkpoint();
      const count = Math.min(BLOCK_ROWS, rows - from);
      const key = `${which} ${count}`;
      const opened = bound.get(key) ?? bind(count, which);
      bound.set(key, opened);
      const pass = await opened;
      pass.x.set(x.subarray(from * inputs, (from + count) * inputs));
      if (target !== undefined) pass.target.set(target.subarray(from * width, (from + count) * width));
      await pass.compute();
      use(pass.outputs, from, count);
    }
  }

  /** The outputs of every block, one after another, by name. */
  async function collect(
    rows: ForwardRows,
    which: 'last' | 'losses',
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const results: Record<string, Float32Array> = {};
    await through(rows, which, (outputs, from, count) => {
      for (const [name, values] of Object.entries(outputs)) {
        const width = values.length / count;
        results[name] ??= new Float32Array(rows.rows * width);
        results[name].set(values, from * width);
      }
    });
    return results;
  }

  return {
    outputs: async (rows) => (await collect(rows, 'last')).output!,
    async losses(rows) {
      const { losses, output } = await collect(rows, 'losses');
      return { losses: losses!, outputs: output! };
    },
    async firstUnfit(rows) {
      let first = network.layers.length;
      await through(rows, 'all', (outputs) => {
        const at = network.layers.findIndex(
          (_, i) => !outputs[layerName(network, i)]!.every(Number.isFinite),
        );
        if (at >= 0) first = Math.min(first, at);
      });
      return first < network.layers.length ? layerName(network, first) : undefined;
    },
    async close() {
      for (const session of sessions) await session.close();
    },
  };
}
