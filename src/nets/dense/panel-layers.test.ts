import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { Team } from '../../kernels/host/team.ts';
import { denseBackward } from '../../kernels/plain/dense-backward.ts';
import { denseForward } from '../../kernels/plain/dense-forward.ts';
import {
  backward,
  forward,
  gradient,
  listsBytes,
  type PanelLayer,
  type Panels,
  panelsBytes,
  placeOf,
  rowsOf,
  scratchBytes,
  strideOf,
} from './panel-layers.ts';

const { arena, kernels } = new Team(1);
const f32 = () => new Float32Array(arena.memory.buffer);

function makePanels(units: number, rows: number): Panels {
  const bytes = panelsBytes(units, rows);
  const address = arena.allocate(bytes);
  // What nobody writes must not be read.
  arena.viewF32(address, bytes / 4).fill(Number.NaN);
  return { address, stride: strideOf(units) };
}

function putRows(values: ArrayLike<number>, rows: number, units: number): Panels {
  const panels = makePanels(units, rows);
  kernels.toPanels(0, 1, arena.place(Float32Array.from(values)), rows, units, panels.address, panels.stride);
  return panels;
}

function takeRows(panels: Panels, rows: number, units: number): Float32Array {
  const all = f32();
  return Float32Array.from(
    { length: rows * units },
    (_, at) => all[placeOf(panels, Math.floor(at / units), at % units)]!,
  );
}

/** A layer forward and backward, in so many parts, and what the plain loops give for it. */
function passes(rows: number, layer: PanelLayer, parts: number) {
  const { inputs, outputs, activation, before } = layer;
  const random = new RandomState(rows + inputs);
  const draw = (count: number) => random.fillNormal(new Float32Array(count));
  const [x, dy, weights, bias] = [
    draw(rows * inputs),
    draw(rows * outputs),
    draw(inputs * outputs),
    draw(outputs),
  ];
  // Every third unit is never active, and others are so in some rows only.
  for (let at = 0; at < x.length; at++)
    if (before === 1) x[at] = (at % inputs) % 3 === 0 ? 0 : Math.max(0, x[at]!);
  for (let at = 0; at < dy.length; at++) if ((at % outputs) % 4 === 1) dy[at] = 0;
  if (before > 1)
    for (let at = 0; at < x.length; at++)
      x[at] = before === 2 ? Math.tanh(x[at]!) : 1 / (1 + Math.exp(x[at]!));
  const place = { weights: arena.place(weights), bias: arena.place(bias) };
  const slopes = { weights: arena.f32(inputs * outputs), bias: arena.f32(outputs) };
  const lists = arena.allocate(listsBytes(inputs, rows));
  const scratch = arena.allocate(scratchBytes(inputs, outputs));
  const places = { x: putRows(x, rows, inputs), dy: putRows(dy, rows, outputs), lists };
  const [y, dx] = [makePanels(outputs, rows), makePanels(inputs, rows)];
  for (let index = 0; index < parts; index++) {
    const part = { index, of: parts };
    forward(kernels, part, layer, place, rows, { ...places, y });
    backward(kernels, part, layer, place.weights, rows, { ...places, dx }, scratch);
    gradient(kernels, part, layer, slopes, rows, places, scratch);
  }
  const found = {
    y: takeRows(y, rows, outputs),
    dx: takeRows(dx, rows, inputs),
    dWeights: arena.viewF32(slopes.weights, inputs * outputs).slice(),
    dBias: arena.viewF32(slopes.bias, outputs).slice(),
  };
  const plain = {
    y: denseForward({ x, rows, inputs, weights, bias, activation }),
    ...denseBackward({ x, rows, inputs, weights, dy, before }),
  };
  return { found, plain };
}

test('layers go forward and backward over panels of rows as the plain loops say, in any number of parts', () => {
  for (const [rows, inputs, outputs, activation, before] of [
    [1, 1, 1, 0, 0],
    [8, 4, 7, 1, 0],
    [13, 9, 6, 2, 1],
    [29, 20, 2, 0, 1],
    [16, 5, 13, 3, 2],
    [21, 33, 18, 1, 3],
  ] as const) {
    const layer = { inputs, outputs, activation, before };
    const whole = passes(rows, layer, 1);
    for (const [key, values] of Object.entries(whole.plain)) {
      const found = whole.found[key as keyof typeof whole.found];
      // Float32 sums of up to 33 products of numbers of size 1, a few units of the last place of the largest.
      for (const [at, value] of values.entries())
        assert.ok(
          Math.abs(found[at]! - value) < 1e-5,
          `${key} ${at} of ${rows} rows: ${found[at]} for ${value}`,
        );
    }
    for (const parts of [2, 3, 5]) assert.deepEqual(passes(rows, layer, parts).found, whole.found);
  }
});

test('parts of the rows are whole panels and miss none', () => {
  const rows = 43;
  const ends = Array.from({ length: 4 }, (_, index) => rowsOf({ index, of: 4 }, rows));
  assert.deepEqual(ends, [
    [0, 8],
    [8, 24],
    [24, 32],
    [32, 43],
  ]);
});
