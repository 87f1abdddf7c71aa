import type { Convolution, Shape, Windows } from '../tensor.ts';

function windows(rank: number, kernel: number, given: Partial<Windows> = {}): Windows {
  const all = (value: number) => new Array<number>(rank).fill(value);
  return {
    ...{ kernel: all(kernel), strides: all(1), dilations: all(1), before: all(0), after: all(0) },
    ...given,
  };
}

/** Convolutions of every kind that is lowered in a way of its own. */
export const pictureCases: readonly {
  readonly name: string;
  readonly x: Shape;
  readonly weights: Shape;
  readonly attributes: Convolution;
}[] = [
  {
    name: 'few channels, padded',
    ...{ x: [2, 3, 6, 5], weights: [4, 3, 3, 3] },
    attributes: { ...windows(2, 3, { before: [1, 1], after: [1, 1] }), groups: 1 },
  },
  {
    name: 'one channel, stride 2, with a row that no window sees',
    ...{ x: [2, 1, 8, 8], weights: [2, 1, 3, 3] },
    attributes: { ...windows(2, 3, { strides: [2, 2] }), groups: 1 },
  },
  {
    name: 'Winograd, even',
    ...{ x: [2, 9, 6, 4], weights: [5, 9, 3, 3] },
    attributes: { ...windows(2, 3, { before: [1, 1], after: [1, 1] }), groups: 1 },
  },
  {
    name: 'Winograd, odd, padded unevenly',
    ...{ x: [3, 8, 5, 6], weights: [2, 8, 3, 3] },
    attributes: { ...windows(2, 3, { before: [0, 1], after: [1, 0] }), groups: 1 },
  },
  {
    name: 'many channels, other strides and kernel by axis, dilated',
    ...{ x: [2, 8, 7, 9], weights: [3, 8, 2, 3] },
    attributes: {
      ...windows(2, 0, { kernel: [2, 3], strides: [1, 2], dilations: [3, 2], before: [2, 1], after: [0, 1] }),
      groups: 1,
    },
  },
  {
    name: 'one place',
    ...{ x: [2, 8, 4, 4], weights: [3, 8, 1, 1] },
    attributes: { ...windows(2, 1), groups: 1 },
  },
  {
    name: 'depthwise',
    ...{ x: [2, 8, 5, 5], weights: [8, 1, 3, 3] },
    attributes: { ...windows(2, 3, { strides: [2, 1], before: [1, 1], after: [1, 1] }), groups: 8 },
  },
  {
    name: 'groups',
    ...{ x: [2, 6, 5, 5], weights: [4, 3, 3, 3] },
    attributes: { ...windows(2, 3, { before: [1, 1], after: [1, 1] }), groups: 2 },
  },
  {
    name: 'one dimension',
    ...{ x: [3, 8, 9], weights: [4, 8, 3] },
    attributes: { ...windows(1, 3, { strides: [2], before: [1], after: [1] }), groups: 1 },
  },
];

/** Windows that do not overlap, that overlap, that are padded, and that are large. */
export const poolCases: readonly { readonly name: string; readonly x: Shape; readonly windows: Windows }[] = [
  { name: 'apart, not filled', x: [2, 2, 5, 4], windows: windows(2, 2, { strides: [2, 2] }) },
  {
    name: 'overlapping, padded',
    x: [2, 2, 5, 6],
    windows: windows(2, 3, { strides: [2, 2], before: [1, 1], after: [1, 1] }),
  },
  { name: 'large', x: [1, 2, 6, 5], windows: windows(2, 5) },
  { name: 'one dimension', x: [2, 3, 7], windows: windows(1, 3, { strides: [2], before: [1], after: [1] }) },
];
