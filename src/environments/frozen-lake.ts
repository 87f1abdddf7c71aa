import { z } from 'zod';
import { OptionError } from '../core/errors.ts';
import { option } from '../core/options.ts';
import { gridPicture } from './grid-picture.ts';
import { type GridDynamics, gridText } from './grid-text.ts';
import { SeededSource } from './random-source.ts';
import { tableDynamics, transitionTable } from './transition-table.ts';

export const frozenLakeOptions = z.strictObject({
  mapName: option(z.enum(['4x4', '8x8']).default('4x4'), 'One of the maps that are known.'),
  desc: option(
    z
      .array(z.string().regex(/^[SFHG]+$/, 'Rows are made of S, F, H and G'))
      .min(1)
      .optional(),
    'A map of your own: rows of S (start), F (frozen), H (hole) and G (goal); instead of mapName.',
  ),
  isSlippery: option(z.boolean().default(true), 'Whether one slips at right angles to where one wants.'),
  successRate: option(
    z
      .number()
      .min(0)
      .max(1)
      .default(1 / 3),
    'Probability of going where one wants when it is slippery; the rest is shared by both sides.',
  ),
  rewardSchedule: option(
    z.tuple([z.number(), z.number(), z.number()]).default([1, 0, 0]),
    'Rewards of reaching the goal, a hole, a frozen cell.',
  ),
});

const MAPS = {
  '4x4': ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  '8x8': ['SFFFFFFF', 'FFFFFFFF', 'FFFHFFFF', 'FFFFFHFF', 'FFFHFFFF', 'FHHFFFHF', 'FHFFHFHF', 'FFFHFFFG'],
};

/** Left, down, right, up. */
const MOVES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

/**
 * A frozen lake to cross without falling into a hole: left (0), down (1), right (2), up (3). The state is the cell, row by row.
 * @throws OptionError for a map without start or with rows of different length.
 */
export function frozenLake(options: z.output<typeof frozenLakeOptions>): GridDynamics {
  const map = options.desc ?? MAPS[options.mapName];
  const cells = map.join('');
  const [rows, columns] = [map.length, map[0]!.length];
  if (map.some((row) => row.length !== columns) || !cells.includes('S')) {
    throw new OptionError(
      'option/invalid',
      'FrozenLake: the rows of desc are equally long, and at least one cell is a start (S).',
      { option: 'desc' },
    );
  }
  const starts = cells.split('S').length - 1;
  const initial = Float64Array.from(cells, (cell) => (cell === 'S' ? 1 / starts : 0));
  const { isSlippery, successRate, rewardSchedule } = options;
  const failRate = (1 - successRate) / 2;
  const rewards: Readonly<Record<string, number>> = { G: rewardSchedule[0], H: rewardSchedule[1] };

  const after = (state: number, action: number): [number, number, boolean] => {
    const [down, right] = MOVES[action]!;
    const row = Math.min(Math.max(Math.floor(state / columns) + down, 0), rows - 1);
    const column = Math.min(Math.max((state % columns) + right, 0), columns - 1);
    const cell = cells[row * columns + column]!;
    return [row * columns + column, rewards[cell] ?? rewardSchedule[2], cell === 'G' || cell === 'H'];
  };
  const transitions = transitionTable(rows * columns, 4, initial, (state, action) => {
    if (cells[state] === 'G' || cells[state] === 'H') return [[1, state, 0, true]];
    if (!isSlippery) return [[1, ...after(state, action)]];
    return [(action + 3) % 4, action, (action + 1) % 4].map(
      (way) => [way === action ? successRate : failRate, ...after(state, way)] as const,
    );
  });
  const grid = { rows, columns, cells: [...cells], moves: MOVES };
  return {
    ...tableDynamics(transitions),
    transitions,
    actionNames: ['left', 'down', 'right', 'up'],
    grid,
    pictureSize: { width: 50 * columns, height: 50 * rows },
    render: (state, at) => gridText(grid, state[at]!),
    picture: (state, at) => gridPicture(grid, state[at]!),
  };
}

/**
 * A random map of `size` × `size` on which the goal can be reached, each other cell frozen with probability `p`.
 * (Gymnasium's `generate_random_map`; the draws differ.)
 */
export function generateRandomMap({ size = 8, p = 0.8, seed = 0 } = {}): string[] {
  if (!(Number.isInteger(size) && size >= 2 && p > 0)) {
    throw new OptionError('option/invalid', 'generateRandomMap needs a size from 2 on and p above 0.', {});
  }
  const random = new SeededSource(seed);
  for (;;) {
    const cells = Array.from({ length: size * size }, (): string => (random.next() < p ? 'F' : 'H'));
    cells[0] = 'S';
    cells[size * size - 1] = 'G';
    if (canReach(cells, size)) {
      return Array.from({ length: size }, (_, row) => cells.slice(row * size, (row + 1) * size).join(''));
    }
  }
}

function canReach(cells: readonly string[], size: number): boolean {
  const open = [0];
  const seen = new Set(open);
  while (open.length > 0) {
    const cell = open.pop()!;
    if (cells[cell] === 'G') return true;
    for (const [down, right] of MOVES) {
      const [row, column] = [Math.floor(cell / size) + down, (cell % size) + right];
      const next = row * size + column;
      if (row < 0 || row >= size || column < 0 || column >= size || cells[next] === 'H' || seen.has(next))
        continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}
