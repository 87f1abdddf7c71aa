import type { Kernels } from '../../kernels/signatures.ts';

/** Rows of a panel. */
const PANEL_ROWS = 8;
/** Bytes of a unit in a panel: eight float32 numbers. */
const UNIT_BYTES = 4 * PANEL_ROWS;
/** Between panels, so that the same unit of all panels does not fall into one set of the cache. */
const GAP_BYTES = 64;

/** Where units of rows lie in panels of eight rows, see the kernels: row r has lane r % 8 of panel r ÷ 8. */
export interface Panels {
  readonly address: number;
  /** Bytes from panel to panel. */
  readonly stride: number;
}

/** The float32 parameters of a dense layer, or their gradients: row-major weights, inputs × outputs. */
export interface DensePlace {
  readonly weights: number;
  readonly bias: number;
}

/** A dense layer from some units to others. */
export interface PanelLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Of the outputs, and of the layer that made the inputs: 0 none, 1 ReLU, 2 tanh, 3 logistic. */
  readonly activation: number;
  readonly before: number;
}

/** One of so many parts of the rows, or of the weights: whole panels, or inputs of a layer. Numbers do not depend on the parts. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

export const panelsOf = (rows: number): number => Math.ceil(rows / PANEL_ROWS);

export const strideOf = (units: number): number => units * UNIT_BYTES + GAP_BYTES;

export const panelsBytes = (units: number, rows: number): number => strideOf(units) * panelsOf(rows);

export const listsBytes = (inputs: number, rows: number): number => 4 * (inputs + 1) * panelsOf(rows);

/** Of {@link backward} and {@link gradient}, for each thread. */
export const scratchBytes = (inputs: number, outputs: number): number => 4 * (inputs + outputs + 2);

/** The units from `first` on. */
export const unitsFrom = ({ address, stride }: Panels, first: number): Panels => ({
  address: address + first * UNIT_BYTES,
  stride,
});

/** The rows of a part. */
export function rowsOf({ index, of }: Part, rows: number): readonly [first: number, end: number] {
  const panels = panelsOf(rows);
  const from = (part: number) => Math.min(rows, PANEL_ROWS * Math.floor((panels * part) / of));
  return [from(index), from(index + 1)];
}

/** Place of a number among the float32 numbers of the memory. */
export function placeOf({ address, stride }: Panels, row: number, unit: number): number {
  return (address + (row >> 3) * stride + unit * UNIT_BYTES) / 4 + (row & 7);
}

/**
 * A part of the panels of y = activation(x W + b).
 * @param lists Gets which inputs are not zero in all rows of a panel, {@link listsBytes} in all; {@link backward} reads it.
 */
export function forward(
  kernels: Kernels,
  { index, of }: Part,
  { inputs, outputs, activation }: PanelLayer,
  { weights, bias }: DensePlace,
  rows: number,
  { x, y, lists }: { readonly x: Panels; readonly y: Panels; readonly lists: number },
): void {
  kernels.panelForward(
    ...([index, of, x.address, x.stride, panelsOf(rows), inputs, weights, bias] as const),
    ...([outputs, activation, y.address, y.stride, lists] as const),
  );
}

/** A part of the panels of dx = (dy Wᵀ) ∘ activation′ of what made x. */
export function backward(
  kernels: Kernels,
  { index, of }: Part,
  { inputs, outputs, before }: PanelLayer,
  weights: number,
  rows: number,
  places: { readonly x: Panels; readonly dy: Panels; readonly dx: Panels; readonly lists: number },
  scratch: number,
): void {
  const { x, dy, dx, lists } = places;
  kernels.panelBackward(
    ...([index, of, dy.address, dy.stride, panelsOf(rows), outputs, weights, inputs] as const),
    ...([x.address, x.stride, before, dx.address, dx.stride, lists, scratch] as const),
  );
}

/** A part of dW = xᵀ dy and db = Σ dy. */
export function gradient(
  kernels: Kernels,
  { index, of }: Part,
  { inputs, outputs }: PanelLayer,
  { weights, bias }: DensePlace,
  rows: number,
  { x, dy }: { readonly x: Panels; readonly dy: Panels },
  scratch: number,
): void {
  kernels.panelGradient(
    ...([index, of, x.address, x.stride, dy.address, dy.stride, panelsOf(rows)] as const),
    ...([inputs, outputs, weights, bias, scratch] as const),
  );
}
