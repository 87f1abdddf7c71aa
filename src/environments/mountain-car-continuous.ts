import type { z } from 'zod';
import type { Dynamics } from './dynamics.ts';
import { hillPicture } from './hill-picture.ts';
import type { mountainCarOptions } from './mountain-car.ts';
import { box } from './space.ts';

const LEFT_END = -1.2;
const RIGHT_END = 0.6;
const TOP_SPEED = 0.07;
const GOAL = 0.45;
const POWER = 0.0015;
const GRAVITY = 0.0025;
const { fround } = Math;

/**
 * The mountain car with a force from −1 to 1; reward 100 at the flag, less 0.1 × force² at each step. State: position, velocity,
 * whether they have been rounded yet. Gymnasium keeps this state in float32 from the first step on and computes with it by NumPy 2's
 * rules (a float32 and a Python number give a float32), which the roundings here follow.
 */
export function mountainCarContinuous({ goalVelocity }: z.output<typeof mountainCarOptions>): Dynamics {
  return {
    observationSpace: box([LEFT_END, -TOP_SPEED], [RIGHT_END, TOP_SPEED]),
    actionSpace: box([-1], [1]),
    stateSize: 3,
    observationNames: ['position', 'velocity'],
    actionNames: ['force'],
    pictureSize: { width: 600, height: 400 },
    start(state, at, random) {
      state[at] = -0.6 + (-0.4 - -0.6) * random.next();
      state[at + 1] = 0;
      state[at + 2] = 0;
    },
    advance(state, at, actions, actionAt, _random, rewards, i) {
      const isRounded = state[at + 2] === 1;
      const action = actions[actionAt]!;
      const from = state[at]!;
      const pull = GRAVITY * Math.cos(isRounded ? fround(3 * from) : 3 * from);
      // Within the bounds the force is a float32, at a bound that cut it a Python number.
      const change =
        action > 1 || action < -1
          ? (action > 1 ? 1 : -1) * POWER - pull
          : fround(fround(action * fround(POWER)) - fround(pull));
      let velocity = state[at + 1]! + change;
      if (isRounded) velocity = fround(state[at + 1]! + fround(change));
      // A cut velocity is a Python number, which a float32 position rounds when they meet.
      if (velocity > (isRounded ? fround(TOP_SPEED) : TOP_SPEED)) velocity = TOP_SPEED;
      if (velocity < (isRounded ? fround(-TOP_SPEED) : -TOP_SPEED)) velocity = -TOP_SPEED;
      let position = isRounded ? fround(from + fround(velocity)) : from + velocity;
      if (position > (isRounded ? fround(RIGHT_END) : RIGHT_END)) position = RIGHT_END;
      if (position < (isRounded ? fround(LEFT_END) : LEFT_END)) position = LEFT_END;
      const isAtLeftEnd = position === LEFT_END || (isRounded && position === fround(LEFT_END));
      if (isAtLeftEnd && velocity < 0) velocity = 0;
      const goal = isRounded ? fround(GOAL) : GOAL;
      const terminated = position >= goal && velocity >= goalVelocity;
      rewards[i] = (terminated ? 100 : 0) - action * action * 0.1;
      state[at] = fround(position);
      state[at + 1] = fround(velocity);
      state[at + 2] = 1;
      return terminated;
    },
    observe(state, at, into, intoAt) {
      into[intoAt] = state[at]!;
      into[intoAt + 1] = state[at + 1]!;
    },
    picture: (state, at) => hillPicture(state[at]!, GOAL),
  };
}
