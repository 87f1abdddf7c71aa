import type { Grid } from './environment.ts';

/** Pixels a cell is wide and high. */
export const CELL = 50;

const classes: Readonly<Record<string, string>> = { H: 'pit', C: 'pit', G: 'target' };

/** The cells of a grid and, on one of them, the agent: content of an SVG picture. */
export function gridPicture(grid: Grid, agent?: number): string {
  const { rows, columns, cells } = grid;
  const squares = Array.from({ length: rows * columns }, (_, cell) => {
    const [x, y] = [(cell % columns) * CELL, Math.floor(cell / columns) * CELL];
    const letter = cells[cell] ?? '';
    const square = `<rect x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="4" class="${classes[letter] ?? 'cell'}"/>`;
    const isPlain = letter === '' || letter === 'F' || letter === 'C';
    return isPlain ? square : `${square}<text x="${x + 8}" y="${y + 17}" class="letter">${letter}</text>`;
  });
  if (agent === undefined) return squares.join('');
  const [x, y] = [(agent % columns) * CELL + CELL / 2, Math.floor(agent / columns) * CELL + CELL / 2];
  return `${squares.join('')}<circle cx="${x}" cy="${y}" r="13" class="agent"/>`;
}
