import type { Dynamics } from './dynamics.ts';
import type { Grid } from './environment.ts';
import type { TransitionTable } from './transition-table.ts';

/** Dynamics given by a table. */
export type TableDynamics = Dynamics & { readonly transitions: TransitionTable };
/** Dynamics whose states are the cells of a grid. */
export type GridDynamics = TableDynamics & { readonly grid: Grid };

/** The cells as lines of text, the agent's one in brackets. */
export function gridText({ rows, columns, cells }: Grid, agent: number): string {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const cell = row * columns + column;
      const letter = cells[cell] || '·';
      return cell === agent ? `[${letter}]` : ` ${letter} `;
    })
      .join('')
      .trimEnd(),
  ).join('\n');
}
