import { z } from 'zod';
import { option } from '../core/options.ts';
import type { Dynamics } from './dynamics.ts';
import { hillPicture } from './hill-picture.ts';
import { box, discrete } from './space.ts';

export const mountainCarOptions = z.strictObject({
  goalVelocity: option(z.number().default(0), 'Least velocity at the flag.'),
});

const LEFT_END = -1.2;
const RIGHT_END = 0.6;
const TOP_SPEED = 0.07;
const GOAL = 0.5;
const FORCE = 0.001;
const GRAVITY = 0.0025;

/**
 * A car too weak for the hill, that must swing: push left (0), not (1), right (2). State: position, velocity. A. Moore, Efficient
 * memory-based learning for robot control (1990).
 */
export function mountainCar({ goalVelocity }: z.output<typeof mountainCarOptions>): Dynamics {
  return {
    observationSpace: box([LEFT_END, -TOP_SPEED], [RIGHT_END, TOP_SPEED]),
    actionSpace: discrete(3),
    stateSize: 2,
    observationNames: ['position', 'velocity'],
    actionNames: ['left', 'none', 'right'],
    pictureSize: { width: 600, height: 400 },
    start(state, at, random) {
      state[at] = -0.6 + (-0.4 - -0.6) * random.next();
      state[at + 1] = 0;
    },
    advance(state, at, actions, actionAt, _random, rewards, i) {
      let position = state[at]!;
      let velocity = state[at + 1]! + ((actions[actionAt]! - 1) * FORCE + Math.cos(3 * position) * -GRAVITY);
      velocity = Math.min(Math.max(velocity, -TOP_SPEED), TOP_SPEED);
      position = Math.min(Math.max(position + velocity, LEFT_END), RIGHT_END);
      if (position === LEFT_END && velocity < 0) velocity = 0;
      state[at] = position;
      state[at + 1] = velocity;
      rewards[i] = -1;
      return position >= GOAL && velocity >= goalVelocity;
    },
    observe(state, at, into, intoAt) {
      into[intoAt] = state[at]!;
      into[intoAt + 1] = state[at + 1]!;
    },
    picture: (state, at) => hillPicture(state[at]!, GOAL),
  };
}
