/** A maze: from S to G between walls, a step costs 1. */
import { discrete, type Environment } from '../../src/index.ts';

const MAP = ['S.#....', '..#.##.', '.##.#..', '....#.#', '.##...G'];
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/** A worker thread imports this module and makes the environment there. */
export function makeEnvironment(): Environment<number> {
  const [rows, columns] = [MAP.length, MAP[0]!.length];
  const cells = [...MAP.join('')];
  let cell = 0;
  return {
    name: 'maze',
    observationSpace: discrete(cells.length),
    actionSpace: discrete(4),
    observationNames: ['cell'],
    actionNames: ['up', 'right', 'down', 'left'],
    maxEpisodeSteps: undefined,
    // Lets the table be drawn with arrows.
    grid: { rows, columns, cells: cells.map((letter) => (letter === '.' ? '' : letter)), moves: MOVES },
    reset() {
      cell = cells.indexOf('S');
      return cell;
    },
    step(action) {
      const [down, right] = MOVES[action as number]!;
      const [row, column] = [Math.floor(cell / columns) + down, (cell % columns) + right];
      const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
      if (isInside && cells[row * columns + column] !== '#') cell = row * columns + column;
      return { observation: cell, reward: -1, terminated: cells[cell] === 'G', truncated: false };
    },
    render: () =>
      Array.from({ length: rows }, (_, row) =>
        cells
          .slice(row * columns, (row + 1) * columns)
          .map((letter, column) => (row * columns + column === cell ? '@' : letter))
          .join(''),
      ).join('\n'),
  };
}
