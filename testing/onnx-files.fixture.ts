// ONNX files for models that are such files, in a folder of this process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnnxGraph } from '../src/tensor/onnx/onnx-graph.ts';
import { writeOnnx } from '../src/tensor/onnx/write-onnx.ts';
import { threeLabels } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-onnx-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

async function fileOf(name: string, build: (graph: OnnxGraph, x: string) => void): Promise<string> {
  const graph = new OnnxGraph();
  build(graph, graph.input('x', 'float64', ['rows', 'columns']));
  const path = join(folder, name);
  const metadata = { 'heddle.classes': JSON.stringify(threeLabels) };
  writeFileSync(path, await writeOnnx(graph, { metadata }));
  return path;
}

/** y = 10 + Σ_j 3 ((j mod 3) − 0.5) x_j, the target of the checks' samples but for its noise, for any number of columns. */
export const regressorFile = await fileOf('regressor.onnx', (graph, x) => {
  const [zero, one] = [graph.constant([0], []), graph.constant([1], [])];
  const count = graph.node('Squeeze', [graph.node('Shape', [x], { start: 1, end: 2 })]);
  const places = graph.node('Mod', [graph.node('Range', [zero, count, one]), graph.constant([3])]);
  const shifted = graph.node('Sub', [graph.node('Cast', [places], { to: 11 }), graph.scalar(0.5)]);
  const weights = graph.node('Mul', [shifted, graph.scalar(3)]);
  const sum = graph.node('ReduceSum', [graph.node('Mul', [x, weights]), graph.constant([1])], {
    keepdims: 1,
  });
  graph.output('prediction', graph.node('Add', [sum, graph.scalar(10)]), 'float64', ['rows', 1]);
});

/** 2 x + 1, cell by cell. */
export const transformerFile = await fileOf('transformer.onnx', (graph, x) => {
  const doubled = graph.node('Mul', [x, graph.scalar(2)]);
  graph.output('transformed', graph.node('Add', [doubled, graph.scalar(1)]), 'float64', ['rows', 'columns']);
});

/** The class of the nearest centre of the checks' samples: column j of class k is about (1 + j mod 5) (4 ((k + j) mod 3) / 3 − 1). */
export const classifierFile = await fileOf('classifier.onnx', (graph, x) => {
  const [zero, one] = [graph.constant([0], []), graph.constant([1], [])];
  const count = graph.node('Squeeze', [graph.node('Shape', [x], { start: 1, end: 2 })]);
  const places = graph.node('Range', [zero, count, one]);
  const numbers = (integers: string) => graph.node('Cast', [integers], { to: 11 });
  const factors = graph.node('Add', [
    numbers(graph.node('Mod', [places, graph.constant([5])])),
    graph.scalar(1),
  ]);
  const shifted = graph.node('Add', [graph.node('Div', [x, factors]), graph.scalar(1)]);
  const sums = graph.node('Add', [places, graph.constant([0, 1, 2], [3, 1])]);
  const centres = graph.node('Mul', [
    numbers(graph.node('Mod', [sums, graph.constant([3])])),
    graph.scalar(4 / 3),
  ]);
  const steps = graph.node('Sub', [graph.node('Unsqueeze', [shifted, graph.constant([1])]), centres]);
  const distances = graph.node('ReduceSumSquare', [steps, graph.constant([2])], { keepdims: 0 });
  const probabilities = graph.node('Softmax', [graph.node('Neg', [distances])], { axis: 1 });
  const codes = graph.node('ArgMax', [probabilities], { axis: 1, keepdims: 0 });
  graph.output('label', graph.node('Gather', [graph.constant([...threeLabels]), codes]), 'string', ['rows']);
  graph.output('probabilities', probabilities, 'float64', ['rows', 3]);
});
