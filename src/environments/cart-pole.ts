import { z } from 'zod';
import { option } from '../core/options.ts';
import type { Dynamics } from './dynamics.ts';
import { box, discrete } from './space.ts';

export const cartPoleOptions = z.strictObject({
  suttonBartoReward: option(
    z.boolean().default(false),
    'Reward 0 at each step and −1 at the fall, as in the book of Sutton and Barto, instead of 1 at each step.',
  ),
});

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
/** One over the mass of both: a division takes several times as long as a product. */
const PER_MASS = 1 / (POLE_MASS + CART_MASS);
/** Half the pole's length, metres. */
const LENGTH = 0.5;
const POLE_MASS_LENGTH = POLE_MASS * LENGTH;
/** Newtons. */
const FORCE = 10;
/** Seconds between steps. */
const TAU = 0.02;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;
const POSITION_LIMIT = 2.4;

/**
 * A pole on a cart that is pushed left (0) or right (1) and falls at 12° or 2.4 m from the middle. State: position, velocity, angle,
 * angular velocity. A. Barto, R. Sutton, C. Anderson, Neuronlike adaptive elements that can solve difficult learning control problems
 * (1983), with the equations of R. Florian, Correct equations for the dynamics of the cart-pole system (2007); Euler's method. The kernel `cartPoleSteps` has the same operations.
 */
export function cartPole({ suttonBartoReward }: z.output<typeof cartPoleOptions>): Dynamics {
  const [standing, fallen] = suttonBartoReward ? [0, -1] : [1, 1];
  const high = [POSITION_LIMIT * 2, Number.POSITIVE_INFINITY, ANGLE_LIMIT * 2, Number.POSITIVE_INFINITY];
  return {
    observationSpace: box(
      high.map((value) => -value),
      high,
    ),
    actionSpace: discrete(2),
    stateSize: 4,
    observationNames: ['position', 'velocity', 'angle', 'angularVelocity'],
    actionNames: ['left', 'right'],
    pictureSize: { width: 600, height: 400 },
    start(state, at, random) {
      for (let j = 0; j < 4; j++) state[at + j] = -0.05 + 0.1 * random.next();
    },
    advance(state, at, actions, actionAt, _random, rewards, i) {
      const velocity = state[at + 1]!;
      const angle = state[at + 2]!;
      const turning = state[at + 3]!;
      const isSmall = angle < 0.3 && angle > -0.3;
      const cos = isSmall ? smallCos(angle) : Math.cos(angle);
      const sin = isSmall ? smallSin(angle) : Math.sin(angle);
      const force = actions[actionAt] === 1 ? FORCE : -FORCE;
      const push = (force + POLE_MASS_LENGTH * (turning * turning) * sin) * PER_MASS;
      const turn = (GRAVITY * sin - cos * push) / (LENGTH * (4 / 3 - POLE_MASS * PER_MASS * (cos * cos)));
      const acceleration = push - POLE_MASS_LENGTH * PER_MASS * turn * cos;
      const x = state[at]! + TAU * velocity;
      const theta = angle + TAU * turning;
      state[at] = x;
      state[at + 1] = velocity + TAU * acceleration;
      state[at + 2] = theta;
      state[at + 3] = turning + TAU * turn;
      const terminated =
        x < -POSITION_LIMIT || x > POSITION_LIMIT || theta < -ANGLE_LIMIT || theta > ANGLE_LIMIT;
      rewards[i] = terminated ? fallen! : standing!;
      return terminated;
    },
    advanceAll: (kernels, { state, actions, rewards, terminated, observations }, count) =>
      kernels.cartPoleSteps(
        ...([0, 1, count, state, actions, fallen!, standing!, rewards, terminated, observations] as const),
      ),
    observe(state, at, into, intoAt) {
      into[intoAt] = state[at]!;
      into[intoAt + 1] = state[at + 1]!;
      into[intoAt + 2] = state[at + 2]!;
      into[intoAt + 3] = state[at + 3]!;
    },
    picture(state, at) {
      const x = 300 + (state[at]! / (2 * POSITION_LIMIT)) * 600;
      const degrees = (state[at + 2]! * 180) / Math.PI;
      return (
        '<line x1="0" y1="300" x2="600" y2="300" class="ground"/>' +
        `<g transform="translate(${x.toFixed(2)} 300)"><rect x="-25" y="-15" width="50" height="30" rx="4" class="body"/>` +
        `<g transform="rotate(${degrees.toFixed(2)})"><line y1="-8" y2="-125" class="limb" stroke-width="10"/></g>` +
        '<circle cy="-8" r="5" class="joint"/></g>'
      );
    },
  };
}

// Taylor's series up to where, for |x| < 0.3, the next term is far below half a unit of the last place: x^14 ÷ 15! < 4e-20 of the sine,
// x^14 ÷ 14! < 6e-19 of the cosine. Even and odd terms are summed apart, which shortens the chain of dependent operations. They take a
// fraction of the time of Math.sin and Math.cos, which would be most of a step.

function smallSin(x: number): number {
  const s = x * x;
  const q = s * s;
  const even = -1 / 6 + q * (-1 / 5040 + q * (-1 / 39916800));
  const odd = 1 / 120 + q * (1 / 362880 + q * (1 / 6227020800));
  return x + x * s * (even + s * odd);
}

function smallCos(x: number): number {
  const s = x * x;
  const q = s * s;
  const even = -1 / 2 + q * (-1 / 720 + q * (-1 / 3628800));
  const odd = 1 / 24 + q * (1 / 40320 + q * (1 / 479001600));
  return 1 + s * (even + s * odd);
}
