import { z } from 'zod';
import { option } from '../core/options.ts';
import type { Dynamics } from './dynamics.ts';
import { box } from './space.ts';

export const pendulumOptions = z.strictObject({
  g: option(z.number().default(10), 'Acceleration of gravity, m/s².'),
});

const { fround, PI } = Math;
const TOP_SPEED = 8;
const TOP_TORQUE = 2;
/** Seconds between steps. */
const DT = 0.05;

/**
 * A pendulum to swing up and hold with a torque from −2 to 2; reward −(angle² + 0.1 speed² + 0.001 torque²), angle 0 being upright.
 * State: angle, speed. The torque is a float32, and so are the terms of it alone, as in Gymnasium under NumPy 2. Mass and length are 1.
 */
export function pendulum({ g }: z.output<typeof pendulumOptions>): Dynamics {
  return {
    observationSpace: box([-1, -1, -TOP_SPEED], [1, 1, TOP_SPEED]),
    actionSpace: box([-TOP_TORQUE], [TOP_TORQUE]),
    stateSize: 2,
    observationNames: ['cosAngle', 'sinAngle', 'speed'],
    actionNames: ['torque'],
    pictureSize: { width: 400, height: 400 },
    start(state, at, random) {
      state[at] = -PI + 2 * PI * random.next();
      state[at + 1] = -1 + 2 * random.next();
    },
    advance(state, at, actions, actionAt, _random, rewards, i) {
      const angle = state[at]!;
      const speed = state[at + 1]!;
      const torque = Math.min(Math.max(actions[actionAt]!, -TOP_TORQUE), TOP_TORQUE);
      const upright = modulo(angle + PI, 2 * PI) - PI;
      const cost =
        upright * upright + 0.1 * (speed * speed) + fround(fround(0.001) * fround(torque * torque));
      const faster = speed + (((3 * g) / 2) * Math.sin(angle) + fround(3 * torque)) * DT;
      const next = Math.min(Math.max(faster, -TOP_SPEED), TOP_SPEED);
      state[at] = angle + next * DT;
      state[at + 1] = next;
      rewards[i] = -cost;
      return false;
    },
    observe(state, at, into, intoAt) {
      into[intoAt] = Math.cos(state[at]!);
      into[intoAt + 1] = Math.sin(state[at]!);
      into[intoAt + 2] = state[at + 1]!;
    },
    picture(state, at) {
      const degrees = (-state[at]! * 180) / PI;
      return (
        `<g transform="translate(200 200) rotate(${degrees.toFixed(2)})"><line y2="-130" class="limb" stroke-width="22"/></g>` +
        '<circle cx="200" cy="200" r="7" class="joint"/>'
      );
    },
  };
}

/** The remainder with the sign of the divisor, as Python's. */
function modulo(value: number, divisor: number): number {
  const remainder = value % divisor;
  return remainder !== 0 && remainder < 0 !== divisor < 0 ? remainder + divisor : remainder;
}
