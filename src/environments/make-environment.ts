import type { z } from 'zod';
import { OptionError, suggestion } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import { acrobot, acrobotOptions } from './acrobot.ts';
import { blackjack, blackjackOptions } from './blackjack.ts';
import { cartPole, cartPoleOptions } from './cart-pole.ts';
import { cliffWalking, cliffWalkingOptions } from './cliff-walking.ts';
import type { Dynamics } from './dynamics.ts';
import type { Observation } from './environment.ts';
import { frozenLake, frozenLakeOptions } from './frozen-lake.ts';
import { mountainCar, mountainCarOptions } from './mountain-car.ts';
import { mountainCarContinuous } from './mountain-car-continuous.ts';
import { pendulum, pendulumOptions } from './pendulum.ts';
import { type SimulatedEnvironment, simulate } from './simulate.ts';
import { taxi, taxiOptions } from './taxi.ts';
import type { TransitionTable } from './transition-table.ts';

interface Entry {
  readonly schema: z.ZodObject;
  readonly dynamics: (options: never) => Dynamics & { readonly transitions?: TransitionTable };
  /** Gymnasium's time limit, steps. */
  readonly maxEpisodeSteps?: number;
  /** Defaults of the name. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** Return per episode at which Gymnasium holds the environment solved. */
  readonly rewardThreshold?: number;
  readonly summary: string;
}

const cart = { schema: cartPoleOptions, dynamics: cartPole, summary: 'Balance a pole on a cart.' };
const lake = {
  schema: frozenLakeOptions,
  dynamics: frozenLake,
  summary: 'Cross a slippery lake with holes.',
};
const cliff = { schema: cliffWalkingOptions, dynamics: cliffWalking, summary: 'Walk along a cliff.' };
const cab = {
  ...{ schema: taxiOptions, dynamics: taxi, maxEpisodeSteps: 200, rewardThreshold: 8 },
  summary: 'Drive a passenger from one stop to another.',
};

/** Every environment by Gymnasium's name. Versions that are listed twice have the same rules by default. */
const environments: Readonly<Record<string, Entry>> = {
  'Acrobot-v1': {
    ...{ schema: acrobotOptions, dynamics: acrobot, maxEpisodeSteps: 500, rewardThreshold: -100 },
    summary: 'Swing two links up by the joint between them.',
  },
  'Blackjack-v1': {
    schema: blackjackOptions,
    dynamics: blackjack,
    summary: 'Play blackjack against a dealer.',
  },
  'CartPole-v0': { ...cart, maxEpisodeSteps: 200, rewardThreshold: 195 },
  'CartPole-v1': { ...cart, maxEpisodeSteps: 500, rewardThreshold: 475 },
  'CliffWalking-v0': cliff,
  'CliffWalking-v1': cliff,
  'CliffWalkingSlippery-v1': { ...cliff, preset: { isSlippery: true } },
  'FrozenLake-v1': { ...lake, maxEpisodeSteps: 100, rewardThreshold: 0.7 },
  'FrozenLake8x8-v1': { ...lake, preset: { mapName: '8x8' }, maxEpisodeSteps: 200, rewardThreshold: 0.85 },
  'MountainCar-v0': {
    ...{ schema: mountainCarOptions, dynamics: mountainCar, maxEpisodeSteps: 200, rewardThreshold: -110 },
    summary: 'Swing a weak car up a hill.',
  },
  'MountainCarContinuous-v0': {
    ...{ schema: mountainCarOptions, dynamics: mountainCarContinuous, maxEpisodeSteps: 999 },
    ...{ rewardThreshold: 90, summary: 'Swing a weak car up a hill, with little force.' },
  },
  'Pendulum-v1': {
    ...{ schema: pendulumOptions, dynamics: pendulum, maxEpisodeSteps: 200 },
    summary: 'Swing a pendulum up and hold it.',
  },
  'Taxi-v3': cab,
  'Taxi-v4': cab,
};

export interface EnvironmentDescription {
  readonly name: string;
  readonly summary: string;
  readonly maxEpisodeSteps: number | undefined;
  readonly rewardThreshold: number | undefined;
  /** A strict zod object of its options. */
  readonly options: z.ZodObject;
}

/** The environments that heddle brings, by name. */
export function listEnvironments(): EnvironmentDescription[] {
  return Object.entries(environments).map(
    ([name, { summary, maxEpisodeSteps, rewardThreshold, schema }]) => ({
      ...{ name, summary, maxEpisodeSteps, rewardThreshold },
      options: schema,
    }),
  );
}

export interface MakeOptions {
  /** Steps after which an episode is truncated, null for none; default: Gymnasium's limit of that name. */
  readonly maxEpisodeSteps?: number | null | undefined;
  readonly [option: string]: unknown;
}

/**
 * An environment by Gymnasium's name, with its dynamics, spaces, rewards and time limit.
 *
 *     const lake = makeEnvironment<number>('FrozenLake-v1', { mapName: '8x8', maxEpisodeSteps: 200 });
 *
 * Its chance comes from a generator of its own (xoshiro128**), so that a seed gives other draws than in Gymnasium, though of the same
 * distribution; `reset({ random })` takes any draws.
 * @throws OptionError for an unknown name or option.
 */
export function makeEnvironment<O extends Observation = Observation>(
  name: string,
  options: MakeOptions = {},
): SimulatedEnvironment<O> {
  const { dynamics, maxEpisodeSteps } = makeDynamics(name, options);
  return simulate<O>(dynamics, {
    ...{ name, maxEpisodeSteps, transitions: dynamics.transitions },
    reference: { name, options },
  });
}

/** The rules and the time limit of a name. @throws as {@link makeEnvironment} */
export function makeDynamics(name: string, options: MakeOptions = {}) {
  const entry = Object.hasOwn(environments, name) ? environments[name]! : undefined;
  if (entry === undefined) {
    const known = Object.keys(environments);
    throw new OptionError(
      'environment/unknown',
      `There is no environment '${name}'.${suggestion(name, known)} Environments: ${known.join(', ')}.`,
      { environment: name },
    );
  }
  const { maxEpisodeSteps = entry.maxEpisodeSteps, ...rest } = options;
  if (maxEpisodeSteps !== undefined && maxEpisodeSteps !== null) {
    if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps < 1) {
      throw new OptionError(
        'option/invalid',
        `${name}: maxEpisodeSteps is a whole number from 1 on, or null for no limit, not ${maxEpisodeSteps}.`,
        { option: 'maxEpisodeSteps' },
      );
    }
  }
  const parsed = parseOptions(entry.schema, { ...entry.preset, ...rest }, name);
  return { dynamics: entry.dynamics(parsed as never), maxEpisodeSteps: maxEpisodeSteps ?? undefined };
}
