import { z } from 'zod';
import { option } from '../core/options.ts';
import type { TableDynamics } from './grid-text.ts';
import { type Outcome, tableDynamics, transitionTable } from './transition-table.ts';

export const taxiOptions = z.strictObject({
  isRainy: option(z.boolean().default(false), 'Whether the taxi may drift to a side of where it drives.'),
  ficklePassenger: option(
    z.boolean().default(false),
    'Whether a passenger may choose another destination once, on the first move.',
  ),
  rainyProbability: option(z.number().min(0).max(1).default(0.8), 'Probability of driving straight in rain.'),
  fickleProbability: option(z.number().min(0).max(1).default(0.3), 'Share of passengers that are fickle.'),
});

const MAP = ['|R: | : :G|', '| : | : : |', '| : : : : |', '| | : | : |', '|Y| : |B: |'];
const STOPS = [
  [0, 0],
  [0, 4],
  [4, 0],
  [4, 3],
] as const;
const LETTERS = ['R', 'G', 'Y', 'B'];
const IN_TAXI = 4;
/** South, north, east, west. */
const MOVES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
/** Directions to the left and right of each. */
const SIDES = [
  [2, 3],
  [3, 2],
  [1, 0],
  [0, 1],
] as const;
const PICK_UP = 4;
const STATES = 500;

const encode = (row: number, column: number, passenger: number, destination: number) =>
  ((row * 5 + column) * 5 + passenger) * 4 + destination;
const destinationOf = (state: number) => state % 4;
const passengerOf = (state: number) => Math.floor(state / 4) % 5;
const columnOf = (state: number) => Math.floor(state / 20) % 5;
const rowOf = (state: number) => Math.floor(state / 100);
const stopAt = (row: number, column: number) => STOPS.findIndex(([r, c]) => r === row && c === column);

/** Whether a wall or the edge stands in the way; only moves along a row meet walls. */
function canMove(row: number, column: number, direction: number): boolean {
  const [down, right] = MOVES[direction]!;
  if (right !== 0) return MAP[row]![2 * column + 1 + right] === ':';
  return row + down >= 0 && row + down < 5;
}

/**
 * A taxi that takes a passenger from one of four stops to another: south (0), north (1), east (2), west (3), pick up (4), drop off (5).
 * The state numbers row, column, stop of the passenger (4: in the taxi) and destination. T. Dietterich, Hierarchical reinforcement
 * learning with the MAXQ value function decomposition (2000).
 */
export function taxi(options: z.output<typeof taxiOptions>): TableDynamics {
  const { isRainy, ficklePassenger, rainyProbability, fickleProbability } = options;
  const sideProbability = (1 - rainyProbability) / 2;
  const initial = Float64Array.from({ length: STATES }, (_, state) =>
    passengerOf(state) < IN_TAXI && passengerOf(state) !== destinationOf(state) ? 1 / 300 : 0,
  );
  const moved = (state: number, direction: number): number => {
    const [row, column] = [rowOf(state), columnOf(state)];
    if (!canMove(row, column, direction)) return state;
    const [down, right] = MOVES[direction]!;
    return encode(row + down, column + right, passengerOf(state), destinationOf(state));
  };
  const transitions = transitionTable(STATES, 6, initial, (state, action): Outcome[] => {
    const [row, column, passenger, destination] = [
      rowOf(state),
      columnOf(state),
      passengerOf(state),
      destinationOf(state),
    ];
    const stop = stopAt(row, column);
    if (action === PICK_UP) {
      const isHere = passenger < IN_TAXI && stop === passenger;
      return [isHere ? [1, encode(row, column, IN_TAXI, destination), -1, false] : [1, state, -10, false]];
    }
    if (action > PICK_UP) {
      if (passenger !== IN_TAXI || stop < 0) return [[1, state, -10, false]];
      const isRight = stop === destination;
      return [[1, encode(row, column, stop, destination), isRight ? 20 : -1, isRight]];
    }
    const straight = moved(state, action);
    if (!isRainy) return [[1, straight, -1, false]];
    // Where the way is blocked there is no drift either.
    const sides = SIDES[action]!.map((side) => (canMove(row, column, action) ? moved(state, side) : state));
    return [
      [rainyProbability, straight, -1, false],
      [sideProbability, sides[0]!, -1, false],
      [sideProbability, sides[1]!, -1, false],
    ];
  });
  const table = tableDynamics(transitions);
  return {
    ...table,
    transitions,
    // The second number: whether the passenger will still change the destination.
    stateSize: 2,
    actionNames: ['south', 'north', 'east', 'west', 'pick up', 'drop off'],
    pictureSize: { width: 290, height: 250 },
    start(state, at, random) {
      table.start(state, at, random);
      state[at + 1] = ficklePassenger && random.next() < fickleProbability ? 1 : 0;
    },
    advance(state, at, actions, actionAt, random, rewards, i) {
      const before = state[at]!;
      const terminated = table.advance(state, at, actions, actionAt, random, rewards, i);
      if (state[at + 1] === 1) changeDestination(state, at, before, random.next());
      return terminated;
    },
    actionMask(state, at, into) {
      const now = state[at]!;
      const [row, column, passenger] = [rowOf(now), columnOf(now), passengerOf(now)];
      for (let direction = 0; direction < 4; direction++) {
        into[direction] = Number(canMove(row, column, direction));
      }
      const stop = stopAt(row, column);
      into[PICK_UP] = Number(passenger < IN_TAXI && stop === passenger);
      into[5] = Number(passenger === IN_TAXI && stop >= 0);
    },
    render: (state, at) => taxiText(state[at]!),
    picture: (state, at) => taxiPicture(state[at]!),
  };
}

/** A passenger who was in the taxi when it moved takes one of the other destinations. */
function changeDestination(state: Float64Array, at: number, before: number, draw: number): void {
  const now = state[at]!;
  if (passengerOf(before) !== IN_TAXI || Math.floor(now / 20) === Math.floor(before / 20)) return;
  const chosen = Math.floor(draw * 3);
  const destination = destinationOf(before);
  state[at] = now - destinationOf(now) + (chosen < destination ? chosen : chosen + 1);
  state[at + 1] = 0;
}

/** The map with the taxi in brackets (braces once it carries the passenger), and where the passenger is and wants to go. */
function taxiText(state: number): string {
  const passenger = passengerOf(state);
  const brackets = passenger === IN_TAXI ? ['{', '}'] : ['[', ']'];
  const lines = MAP.map((line, row) => {
    if (row !== rowOf(state)) return line;
    const at = 2 * columnOf(state) + 1;
    return `${line.slice(0, at - 1)}${brackets[0]}${line[at]}${brackets[1]}${line.slice(at + 2)}`;
  });
  const where = passenger === IN_TAXI ? 'in the taxi' : `at ${LETTERS[passenger]}`;
  return [
    '+---------+',
    ...lines,
    '+---------+',
    `passenger ${where}, to ${LETTERS[destinationOf(state)]}`,
  ].join('\n');
}

function taxiPicture(state: number): string {
  const [row, column, passenger, destination] = [
    rowOf(state),
    columnOf(state),
    passengerOf(state),
    destinationOf(state),
  ];
  const parts: string[] = [];
  for (let cell = 0; cell < 25; cell++) {
    const [r, c] = [Math.floor(cell / 5), cell % 5];
    const stop = stopAt(r, c);
    const kind = stop === destination ? 'target' : 'cell';
    parts.push(
      `<rect x="${20 + c * 50 + 1}" y="${r * 50 + 1}" width="48" height="48" rx="4" class="${kind}"/>`,
    );
    if (stop >= 0) {
      parts.push(`<text x="${20 + c * 50 + 7}" y="${r * 50 + 17}" class="letter">${LETTERS[stop]}</text>`);
    }
    if (c < 4 && MAP[r]![2 * c + 2] === '|') {
      const x = 20 + (c + 1) * 50;
      parts.push(
        `<line x1="${x}" y1="${r * 50}" x2="${x}" y2="${(r + 1) * 50}" class="ground" stroke-width="4"/>`,
      );
    }
  }
  // What moves comes last: frames then begin alike.
  if (passenger !== IN_TAXI) {
    const [r, c] = STOPS[passenger]!;
    parts.push(`<circle cx="${20 + c * 50 + 36}" cy="${r * 50 + 15}" r="6" class="goal"/>`);
  }
  const [x, y] = [20 + column * 50, row * 50];
  parts.push(`<rect x="${x + 10}" y="${y + 23}" width="30" height="16" rx="5" class="agent"/>`);
  if (passenger === IN_TAXI) parts.push(`<circle cx="${x + 25}" cy="${y + 31}" r="5" class="goal"/>`);
  return parts.join('');
}
