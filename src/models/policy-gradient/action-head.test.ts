import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededSource } from '../../environments/random-source.ts';
import { box } from '../../environments/space.ts';
import { evaluator } from '../../tensor/evaluate.fixture.ts';
import { TensorGraph } from '../../tensor/tensor-graph.ts';
import type { ActionHead } from './action-head.ts';
import { choiceHead } from './choice-head.ts';
import { LOG_STD, numberHead } from './number-head.ts';

const scores = Float32Array.of(0.5, -1, 2, 0.1);
const random = () => new SeededSource(3);

/** Many draws from the same scores. */
function drawMany(head: ActionHead, given: Float32Array, count: number, mask?: Uint8Array) {
  const source = random();
  const kept = head.input === 'index' ? new Int32Array(count) : new Float32Array(count * head.kept);
  const drawn = { action: 0 as number | ArrayLike<number>, logProbability: 0, entropy: 0 };
  const all = Array.from({ length: count }, (_, k) => {
    head.draw(given, 0, mask, source, kept, k * head.kept, drawn);
    return { ...drawn };
  });
  return { all, kept };
}

test('choices are drawn as often as softmax says, with their probability and the entropy', () => {
  const head = choiceHead({ n: 4 });
  const weights = Array.from(scores, Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = weights.map((weight) => weight / total);
  const { all } = drawMany(head, scores, 20_000);
  for (const [action, probability] of probabilities.entries()) {
    const share = all.filter((one) => one.action === action).length / all.length;
    // Five standard errors.
    assert.ok(Math.abs(share - probability) < 5 * Math.sqrt(probability / all.length), `action ${action}`);
  }
  const entropy = -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0);
  for (const { action, logProbability, entropy: told } of all.slice(0, 50)) {
    assert.ok(Math.abs(logProbability - Math.log(probabilities[action as number]!)) < 1e-12);
    assert.ok(Math.abs(told - entropy) < 1e-12);
  }
  assert.equal(head.best(scores, 0, undefined), 2);
});

test('what a mask forbids is never chosen, and the rest share its probability', () => {
  const head = choiceHead({ n: 4 });
  const mask = Uint8Array.of(1, 1, 0, 1);
  const { all } = drawMany(head, scores, 2000, mask);
  assert.ok(all.every(({ action }) => action !== 2));
  const total = Math.exp(0.5) + Math.exp(-1) + Math.exp(0.1);
  const first = all.find(({ action }) => action === 0)!;
  // The score 0.1 is a float32.
  assert.ok(Math.abs(first.logProbability - Math.log(Math.exp(0.5) / total)) < 1e-7);
  assert.equal(head.best(scores, 0, mask), 0);
  const only = Uint8Array.of(0, 1, 0, 0);
  const { all: forced } = drawMany(head, scores, 20, only);
  assert.ok(forced.every((one) => one.action === 1 && one.logProbability === 0 && one.entropy === 0));
});

test('numbers are drawn from normal distributions and cut, or squashed, to their bounds', () => {
  const logStd = Float32Array.of(Math.log(0.5), Math.log(2));
  const space = box([-1, -1], [1, 3]);
  const mean = Float32Array.of(0.25, 1);
  for (const isSquashed of [false, true]) {
    const head = numberHead(space, { isSquashed, logStdInit: 0, logStd: () => logStd });
    const { all, kept } = drawMany(head, mean, 5000);
    for (let j = 0; j < 2; j++) {
      const values = all.map((_, k) => kept[2 * k + j]!);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      const deviation = Math.exp(logStd[j]!);
      // Five standard errors.
      assert.ok(Math.abs(average - mean[j]!) < (5 * deviation) / Math.sqrt(values.length));
      assert.ok(Math.abs(Math.sqrt(squares) / deviation - 1) < 5 / Math.sqrt(2 * values.length));
    }
    for (const [k, { action, logProbability, entropy }] of all.slice(0, 200).entries()) {
      let expected = 0;
      for (let j = 0; j < 2; j++) {
        const z = (kept[2 * k + j]! - mean[j]!) / Math.exp(logStd[j]!);
        expected -= 0.5 * z * z + logStd[j]! + 0.5 * Math.log(2 * Math.PI);
        const value = (action as Float32Array)[j]!;
        assert.ok(value >= space.low[j]! && value <= space.high[j]!);
      }
      // What is kept was rounded to float32.
      assert.ok(Math.abs(logProbability - expected) < 1e-5);
      assert.ok(Math.abs(entropy - (1 + Math.log(2 * Math.PI))) < 1e-6, 'ln 0.5 + ln 2 = 0');
    }
    const best = Array.from(head.best(mean, 0, undefined) as Float32Array);
    const wanted = isSquashed ? [Math.tanh(0.25), 1 + 2 * Math.tanh(1)] : [0.25, 1];
    for (const [j, value] of best.entries()) assert.ok(Math.abs(value - wanted[j]!) < 1e-6); // float32
  }
});

test('the graph gives the probabilities and entropies that draws have, under masks too', async () => {
  const rows = 5;
  const source = random();
  const logStd = Float32Array.of(-0.3, 0.4);
  const heads: [ActionHead, Uint8Array | undefined][] = [
    [choiceHead({ n: 3 }), undefined],
    [choiceHead({ n: 3 }), Uint8Array.of(1, 0, 1)],
    [
      numberHead(box([-1, -1], [1, 1]), { isSquashed: false, logStdInit: 0, logStd: () => logStd }),
      undefined,
    ],
  ];
  for (const [head, mask] of heads) {
    const given = Float32Array.from({ length: rows * head.outputs }, () => 2 * source.next() - 1);
    const kept = head.input === 'index' ? new Int32Array(rows) : new Float32Array(rows * head.kept);
    const drawn = { action: 0 as number | ArrayLike<number>, logProbability: 0, entropy: 0 };
    const logs: number[] = [];
    const entropies: number[] = [];
    for (let row = 0; row < rows; row++) {
      head.draw(given, row * head.outputs, mask, source, kept, row * head.kept, drawn);
      logs.push(drawn.logProbability);
      entropies.push(drawn.entropy);
    }
    const graph = new TensorGraph();
    const isIndex = head.input === 'index';
    const built = head.build(
      graph.input('scores', [rows, head.outputs]),
      graph.input('action', isIndex ? [rows] : [rows, head.kept], head.input),
      (name) => graph.parameter(name, [head.outputs]),
      mask && graph.input('mask', [rows, head.outputs]),
    );
    const { run, close } = await evaluator(graph, built);
    const masks = Array.from({ length: rows }, () => Array.from(mask ?? [])).flat();
    const feeds = { scores: Array.from(given), action: Array.from(kept), mask: masks };
    const found = await run({ ...feeds, [LOG_STD]: Array.from(logStd) });
    await close();
    for (let row = 0; row < rows; row++) {
      // What is kept of numbers is float32.
      assert.ok(Math.abs(found.logProbability![row]! - logs[row]!) < 1e-6);
      const entropy = found.entropy!.length === 1 ? found.entropy![0]! : found.entropy![row]!;
      assert.ok(Math.abs(entropy - entropies[row]!) < 1e-7);
    }
  }
});

test('scores that are no numbers are told of, not drawn from', () => {
  const bad = Float32Array.of(0, Number.NaN, 0);
  assert.throws(() => drawMany(choiceHead({ n: 3 }), bad, 1), { code: 'train/not-finite' });
  const head = numberHead(box([-1], [1]), {
    isSquashed: false,
    logStdInit: 0,
    logStd: () => Float32Array.of(0),
  });
  assert.throws(() => drawMany(head, Float32Array.of(Number.NaN), 1), { code: 'train/not-finite' });
});
