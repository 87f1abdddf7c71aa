import { z } from 'zod';
import { option } from '../core/options.ts';
import { gridPicture } from './grid-picture.ts';
import { type GridDynamics, gridText } from './grid-text.ts';
import { type Outcome, tableDynamics, transitionTable } from './transition-table.ts';

export const cliffWalkingOptions = z.strictObject({
  isSlippery: option(z.boolean().default(false), 'Whether one goes at right angles two times out of three.'),
});

const ROWS = 4;
const COLUMNS = 12;
const START = 36;
const GOAL = 47;

/** Up, right, down, left. */
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/**
 * From one end of a cliff to the other: up (0), right (1), down (2), left (3); a step costs 1, a fall 100 and puts one back at the
 * start. The state is the cell, row by row. R. Sutton, A. Barto, Reinforcement Learning (2018), example 6.6.
 */
export function cliffWalking({ isSlippery }: z.output<typeof cliffWalkingOptions>): GridDynamics {
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, cell) => {
    if (cell === START) return 'S';
    if (cell === GOAL) return 'G';
    return cell > START ? 'C' : '';
  });
  const initial = Float64Array.from(cells, (cell) => Number(cell === 'S'));
  const after = (state: number, action: number): [number, number, boolean] => {
    const [down, right] = MOVES[action]!;
    const row = Math.min(Math.max(Math.floor(state / COLUMNS) + down, 0), ROWS - 1);
    const column = Math.min(Math.max((state % COLUMNS) + right, 0), COLUMNS - 1);
    const cell = row * COLUMNS + column;
    return cells[cell] === 'C' ? [START, -100, false] : [cell, -1, cell === GOAL];
  };
  const transitions = transitionTable(ROWS * COLUMNS, 4, initial, (state, action) => {
    const ways = isSlippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action];
    return ways.map((way): Outcome => [1 / ways.length, ...after(state, way)]);
  });
  const grid = { rows: ROWS, columns: COLUMNS, cells, moves: MOVES };
  return {
    ...tableDynamics(transitions),
    transitions,
    actionNames: ['up', 'right', 'down', 'left'],
    grid,
    pictureSize: { width: 50 * COLUMNS, height: 50 * ROWS },
    render: (state, at) => gridText(grid, state[at]!),
    picture: (state, at) => gridPicture(grid, state[at]!),
  };
}
