import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RandomState } from '../core/random.ts';
import { evaluator } from './evaluate.fixture.ts';
import * as of from './functions.ts';
import { gradients } from './gradients.ts';
import { type Shape, sizeOf, type Tensor } from './tensor.ts';
import { TensorGraph } from './tensor-graph.ts';

export interface GradientCase {
  readonly shapes: readonly Shape[];
  readonly build: (...x: Tensor[]) => Tensor;
  /** Where the function is smooth; default: normal numbers. */
  readonly draw?: (random: RandomState) => number;
  /** Some operations are there in float32 only. */
  readonly real?: 'float32';
}

/**
 * Checks the gradient of Σ w f(x) with random w along random directions d: (L(x + h d) − L(x − h d)) / 2h = ∇L · d.
 */
export async function assertGradient({
  shapes,
  build,
  draw = (random) => random.standardNormal(),
  real,
}: GradientCase) {
  const graph = new TensorGraph();
  const x = shapes.map((shape, i) => graph.parameter(`x${i}`, shape));
  const y = build(...x);
  const loss = of.sum(of.multiply(y, graph.input('w', y.shape)));
  const by = gradients(graph, loss, x);
  const outputs = Object.fromEntries(by.map((tensor, i) => [`d${i}`, tensor]));
  const { run, close } = await evaluator(graph, { loss, ...outputs }, real ?? 'float64');
  // Central differences are off by h² f‴ and by rounding / h.
  const [h, tolerance] = real === 'float32' ? [1e-2, 4e-3] : [1e-4, 1e-6];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const random = new RandomState(seed);
      const fill = (size: number) => Float64Array.from({ length: size }, () => draw(random));
      const values = shapes.map((shape) => fill(sizeOf(shape)));
      const directions = values.map((value) => value.map(() => random.standardNormal()));
      const w = Float64Array.from({ length: sizeOf(y.shape) }, () => random.standardNormal());
      const feed = (step: number) => ({
        w,
        indices: Float64Array.from({ length: 6 }, (_, i) => (seed + i * i) % 3),
        ...Object.fromEntries(
          values.map((value, i) => [`x${i}`, value.map((v, j) => v + step * directions[i]![j]!)]),
        ),
      });
      const at = await run(feed(0));
      const [before, after] = [await run(feed(-h)), await run(feed(h))];
      const numeric = (after.loss![0]! - before.loss![0]!) / (2 * h);
      const analytic = directions.reduce(
        (total, direction, i) => direction.reduce((sum, d, j) => sum + d * at[`d${i}`]![j]!, total),
        0,
      );
      const scale = 1 + Math.abs(analytic) + Math.sqrt(w.length);
      assert.ok(
        Math.abs(numeric - analytic) <= tolerance * scale,
        `${analytic} against ${numeric} (seed ${seed})`,
      );
    }),
    { numRuns: 5, seed: 1 },
  );
  await close();
}
