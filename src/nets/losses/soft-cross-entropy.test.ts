import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluator } from '../../tensor/evaluate.fixture.ts';
import { sum } from '../../tensor/functions.ts';
import { gradients } from '../../tensor/gradients.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { buildRowLosses, type Loss } from './loss.ts';

const scores = [0.3, -1.2, 2, 0.1, 0.7, -0.4];

async function lossOf(loss: Loss, target: readonly number[]): Promise<Record<string, number[]>> {
  const graph = new TensorGraph();
  const output = graph.input('output', [2, 3]);
  const wanted =
    loss.kind === 'crossEntropy' ? graph.input('target', [2], 'index') : graph.input('target', [2, 3]);
  const rows = buildRowLosses(loss, { output, penalties: [] }, wanted);
  const [by] = gradients(graph, sum(rows), [output]);
  const { run, close } = await evaluator(graph, { rows, by: by! });
  const found = await run({ output: scores, target });
  await close();
  return found;
}

test('shares of one class give the loss and gradient of that class', async () => {
  const soft = await lossOf({ kind: 'softCrossEntropy' }, [0, 0, 1, 1, 0, 0]);
  const hard = await lossOf({ kind: 'crossEntropy' }, [2, 0]);
  for (const name of ['rows', 'by'])
    for (const [i, value] of soft[name]!.entries()) {
      // Both sides in float64; sums of three terms.
      assert.ok(Math.abs(value - hard[name]![i]!) < 1e-14);
    }
});

test('shares of several classes weigh their losses, and the gradient is softmax minus shares', async () => {
  const target = [0.2, 0.3, 0.5, 0, 0.9, 0.1];
  const { rows, by } = await lossOf({ kind: 'softCrossEntropy' }, target);
  for (const row of [0, 1]) {
    const own = scores.slice(3 * row, 3 * row + 3);
    const total = own.reduce((before, z) => before + Math.exp(z), 0);
    const loss = own.reduce((before, z, k) => before - target[3 * row + k]! * (z - Math.log(total)), 0);
    assert.ok(Math.abs(rows![row]! - loss) < 1e-14);
    for (const [k, z] of own.entries())
      assert.ok(Math.abs(by![3 * row + k]! - (Math.exp(z) / total - target[3 * row + k]!)) < 1e-14);
  }
});
