import { z } from 'zod';
import { option } from '../core/options.ts';
import type { Dynamics } from './dynamics.ts';
import { box, discrete } from './space.ts';

export const acrobotOptions = z.strictObject({
  torqueNoise: option(z.number().nonnegative().default(0), 'Largest random torque added at each step.'),
});

const { cos, sin, fround, PI } = Math;
/** Seconds between steps. */
const DT = 0.2;
const SPEED_1 = 4 * PI;
const SPEED_2 = 9 * PI;
const GRAVITY = 9.8;

/**
 * Two links on a joint, of which only the second is driven: torque −1 (0), none (1), +1 (2), until the tip swings above the bar. State:
 * both angles and their speeds. R. Sutton, Generalization in reinforcement learning (1996), with the equations of the book of Sutton
 * and Barto and a fourth-order Runge–Kutta step. Links are 1 m and 1 kg, their centres halfway, their moments of inertia 1.
 */
export function acrobot({ torqueNoise }: z.output<typeof acrobotOptions>): Dynamics {
  const high = [1, 1, 1, 1, SPEED_1, SPEED_2];
  /** Accelerations of both angles, from {@link accelerate}. */
  const turn = new Float64Array(2);

  function accelerate(theta1: number, theta2: number, speed1: number, speed2: number, torque: number): void {
    const cos2 = cos(theta2);
    const sin2 = sin(theta2);
    // With m = l = I = 1 and lc = 0.5: d₁ = m lc² + m (l² + lc² + 2 l lc cos θ₂) + 2 I, d₂ = m (lc² + l lc cos θ₂) + I.
    const d1 = 0.25 + (1.25 + cos2) + 1 + 1;
    const d2 = 0.25 + 0.5 * cos2 + 1;
    const phi2 = 0.5 * GRAVITY * cos(theta1 + theta2 - PI / 2);
    const phi1 =
      -0.5 * (speed2 * speed2) * sin2 - speed2 * speed1 * sin2 + 1.5 * GRAVITY * cos(theta1 - PI / 2) + phi2;
    const turn2 =
      (torque + (d2 / d1) * phi1 - 0.5 * (speed1 * speed1) * sin2 - phi2) / (0.25 + 1 - (d2 * d2) / d1);
    turn[0] = -(d2 * turn2 + phi1) / d1;
    turn[1] = turn2;
  }

  return {
    observationSpace: box(
      high.map((value) => -value),
      high,
    ),
    actionSpace: discrete(3),
    stateSize: 4,
    observationNames: ['cosAngle1', 'sinAngle1', 'cosAngle2', 'sinAngle2', 'speed1', 'speed2'],
    actionNames: ['minus', 'none', 'plus'],
    pictureSize: { width: 400, height: 400 },
    start(state, at, random) {
      for (let j = 0; j < 4; j++) state[at + j] = fround(-0.1 + 0.2 * random.next());
    },
    advance(state, at, actions, actionAt, random, rewards, i) {
      let torque = actions[actionAt]! - 1;
      if (torqueNoise > 0) torque += -torqueNoise + 2 * torqueNoise * random.next();
      const a0 = state[at]!;
      const b0 = state[at + 1]!;
      const u0 = state[at + 2]!;
      const v0 = state[at + 3]!;
      const half = DT / 2;
      accelerate(a0, b0, u0, v0, torque);
      const ku1 = turn[0]!;
      const kv1 = turn[1]!;
      const u1 = u0 + half * ku1;
      const v1 = v0 + half * kv1;
      accelerate(a0 + half * u0, b0 + half * v0, u1, v1, torque);
      const ku2 = turn[0]!;
      const kv2 = turn[1]!;
      const u2 = u0 + half * ku2;
      const v2 = v0 + half * kv2;
      accelerate(a0 + half * u1, b0 + half * v1, u2, v2, torque);
      const ku3 = turn[0]!;
      const kv3 = turn[1]!;
      const u3 = u0 + DT * ku3;
      const v3 = v0 + DT * kv3;
      accelerate(a0 + DT * u2, b0 + DT * v2, u3, v3, torque);
      const sixth = DT / 6;
      const theta1 = wrap(a0 + sixth * (u0 + 2 * u1 + 2 * u2 + u3));
      const theta2 = wrap(b0 + sixth * (v0 + 2 * v1 + 2 * v2 + v3));
      const speed1 = u0 + sixth * (ku1 + 2 * ku2 + 2 * ku3 + turn[0]!);
      const speed2 = v0 + sixth * (kv1 + 2 * kv2 + 2 * kv3 + turn[1]!);
      state[at] = theta1;
      state[at + 1] = theta2;
      state[at + 2] = Math.min(Math.max(speed1, -SPEED_1), SPEED_1);
      state[at + 3] = Math.min(Math.max(speed2, -SPEED_2), SPEED_2);
      const terminated = -cos(theta1) - cos(theta2 + theta1) > 1;
      rewards[i] = terminated ? 0 : -1;
      return terminated;
    },
    observe(state, at, into, intoAt) {
      const theta1 = state[at]!;
      const theta2 = state[at + 1]!;
      into[intoAt] = cos(theta1);
      into[intoAt + 1] = sin(theta1);
      into[intoAt + 2] = cos(theta2);
      into[intoAt + 3] = sin(theta2);
      into[intoAt + 4] = state[at + 2]!;
      into[intoAt + 5] = state[at + 3]!;
    },
    picture(state, at) {
      const first = state[at]!;
      const [x, y] = [200 + 85 * sin(first), 200 + 85 * cos(first)];
      const second = first + state[at + 1]!;
      const [tipX, tipY] = [x + 85 * sin(second), y + 85 * cos(second)];
      const place = (value: number) => value.toFixed(1);
      return (
        '<line x1="0" y1="115" x2="400" y2="115" class="ground"/>' +
        `<line x1="200" y1="200" x2="${place(x)}" y2="${place(y)}" class="limb" stroke-width="14"/>` +
        `<line x1="${place(x)}" y1="${place(y)}" x2="${place(tipX)}" y2="${place(tipY)}" class="limb" stroke-width="14"/>` +
        `<circle cx="200" cy="200" r="8" class="joint"/><circle cx="${place(x)}" cy="${place(y)}" r="8" class="joint"/>`
      );
    },
  };
}

/** An angle between −π and π. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > PI) wrapped -= 2 * PI;
  while (wrapped < -PI) wrapped += 2 * PI;
  return wrapped;
}
