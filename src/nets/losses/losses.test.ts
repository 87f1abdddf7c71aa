import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { evaluator } from '../../tensor/evaluate.fixture.ts';
import { gradients } from '../../tensor/gradients.ts';
import { sizeOf } from '../../tensor/tensor.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import { buildLoss, buildRowLosses, type Loss, targetKind, targetShape, targetWeight } from './loss.ts';

const { scores, targets, losses } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/sequence_training.json', import.meta.url), 'utf8'),
);

const classWeights = [1, 2, 0.5, 3];
const cases: Readonly<Record<string, { readonly loss: Loss; readonly shape?: readonly number[] }>> = {
  crossEntropy: { loss: { kind: 'crossEntropy' } },
  smoothed: { loss: { kind: 'crossEntropy', labelSmoothing: 0.1 } },
  weighted: { loss: { kind: 'crossEntropy', classWeights } },
  weightedSmoothed: { loss: { kind: 'crossEntropy', classWeights, labelSmoothing: 0.2 } },
  ignored: { loss: { kind: 'crossEntropy', ignoreIndex: 1 } },
  everything: { loss: { kind: 'crossEntropy', classWeights, ignoreIndex: 2, labelSmoothing: 0.1 } },
  overTime: {
    loss: { kind: 'crossEntropy', classWeights, ignoreIndex: 2, labelSmoothing: 0.1 },
    shape: [3, 2, 4],
  },
  meanSquaredError: { loss: { kind: 'meanSquaredError' } },
  meanAbsoluteError: { loss: { kind: 'meanAbsoluteError' }, shape: [3, 2, 4] },
  huber: { loss: { kind: 'huber', delta: 0.7 } },
  binaryCrossEntropy: { loss: { kind: 'binaryCrossEntropy', reduction: 'mean' }, shape: [3, 8] },
  positiveWeight: { loss: { kind: 'binaryCrossEntropy', reduction: 'mean', positiveWeight: 3 } },
  kullbackLeibler: { loss: { kind: 'kullbackLeibler' } },
};

for (const [name, { loss, shape = [6, 4] }] of Object.entries(cases)) {
  test(`the loss and its gradient are those of PyTorch (${name})`, async () => {
    const expected = losses[name] as { target: string; loss: number; gradient: number[] };
    const target = targets[expected.target] as number[];
    const graph = new TensorGraph();
    const output = graph.input('output', shape);
    const rows = shape[0]!;
    const own = targetShape(loss, shape.slice(1));
    const element = targetKind(loss) === 'labels' ? 'index' : 'real';
    const wanted = graph.input('target', [rows, ...own], element);
    const each = buildRowLosses(loss, { output, penalties: [] }, wanted);
    const value = buildLoss(each, graph.input('weight', [rows]), graph.input('total', [1]));
    const [by] = gradients(graph, value, [output]);
    const { run, close } = await evaluator(graph, { value, by: by! });
    const weigh = targetWeight(loss) ?? (() => 1);
    const width = sizeOf(own);
    const weight = Array.from({ length: rows }, (_, i) => weigh(target.slice(i * width, (i + 1) * width)));
    const total = weight.reduce((sum, one) => sum + one, 0);
    const found = await run({ output: scores, target, weight, total: [total] });
    await close();
    // Both in float64; the fixture has ten digits.
    assert.ok(Math.abs(found.value![0]! - expected.loss) < 1e-8, `${found.value} against ${expected.loss}`);
    for (const [i, slope] of expected.gradient.entries())
      assert.ok(Math.abs(found.by![i]! - slope) < 1e-8, `gradient ${i}: ${found.by![i]} against ${slope}`);
  });
}

test('rows without any place that counts have no loss', async () => {
  const graph = new TensorGraph();
  const output = graph.input('output', [1, 2, 3]);
  const loss: Loss = { kind: 'crossEntropy', ignoreIndex: -100, labelSmoothing: 0.1 };
  const target = graph.input('target', [1, 2], 'index');
  const rows = buildRowLosses(loss, { output, penalties: [] }, target);
  const { run, close } = await evaluator(graph, { rows });
  assert.equal(targetWeight(loss)!([-100, -100]), 0);
  assert.deepEqual(
    (await run({ output: [1, 2, 3, 4, 5, 6], target: [-100, -100] })).rows!.map((x) => x + 0),
    [0],
  );
  await close();
});
