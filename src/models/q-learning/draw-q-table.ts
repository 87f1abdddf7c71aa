import { OptionError } from '../../core/errors.ts';
import { type ValueGrid, valueGrid } from '../../draw/value-grid.ts';
import type { Grid } from '../../environments/environment.ts';
import type { FittedPolicy } from '../../environments/policy/define-policy.ts';
import type { QLearningAttributes } from './q-learning.ts';

/**
 * The table of a policy as an SVG picture: for each state the worth of its best action, with an arrow where the world is a grid. States
 * of two binned numbers are a grid too: the first from bottom to top, the second from left to right.
 * @param grid The environment's, where it has one.
 * @throws OptionError for states that are no grid.
 */
export function drawQTable(model: FittedPolicy<QLearningAttributes>, grid?: Grid): string {
  const { qTable, policy, visits, coding, learning } = model;
  const { rows: states, columns: actions } = qTable;
  const sizes = Array.from(coding.sizes);
  const wasVisited = (state: number) =>
    visits.subarray(state * actions, (state + 1) * actions).some((count) => count > 0);
  const worth = (state: number) => (wasVisited(state) ? qTable.at(state, policy[state]!) : Number.NaN);
  const title = `What each state of ${learning.environmentName} is worth`;
  if (grid !== undefined && grid.rows * grid.columns === states) {
    const all = Array.from({ length: states }, (_, state) => state);
    const drawn: ValueGrid = {
      ...{ rows: grid.rows, columns: grid.columns, marks: grid.cells },
      values: all.map(worth),
      arrows: all.map((state) => grid.moves[policy[state]!]),
    };
    return valueGrid(drawn, { title: `${title}, and where to go` });
  }
  if (sizes.length === 2 && states <= 2500) {
    const [rows, columns] = sizes as [number, number];
    const all = Array.from({ length: states }, (_, cell) => {
      const row = rows - 1 - Math.floor(cell / columns);
      return row * columns + (cell % columns);
    });
    const marks = all.map((state) => (wasVisited(state) ? String(policy[state]) : ''));
    return valueGrid(
      { rows, columns, values: all.map(worth), marks },
      { title: `${title}, and its best action` },
    );
  }
  throw new OptionError(
    'draw/no-grid',
    `The states of ${learning.environmentName} are no grid that can be drawn; model.qTable has the numbers.`,
  );
}
