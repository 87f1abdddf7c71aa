/**
 * `node bench/learning.ts [--seeds 10] [--only taxi]`: whether policies learn what they must, seed by seed, judged over 1,000 greedy episodes
 * that neither trained nor chose them. Fails when a seed falls short.
 */
import { parseArgs } from 'node:util';
import type { EnvironmentSource } from '../src/environments/policy/environment-source.ts';
import type { LearnOptions } from '../src/environments/policy/learn-policy.ts';
import type { LearningRecord } from '../src/environments/policy/learning.ts';
import { closeIdleThreads } from '../src/jobs/pool.ts';
import { dqn } from '../src/models/dqn/dqn.ts';
import { dqnPresets } from '../src/models/dqn/dqn-presets.ts';
import { a2c, ppo, reinforce } from '../src/models/policy-gradient/policy-gradient.ts';
import { qLearning } from '../src/models/q-learning/q-learning.ts';

interface Learner {
  learn(
    environment: EnvironmentSource,
    options: LearnOptions,
  ): Promise<{ readonly learning: LearningRecord; readonly summary: { readonly seconds: number } }>;
}

interface Task {
  readonly title: string;
  readonly environment: EnvironmentSource;
  readonly specify: (randomState: number) => Learner;
  readonly budget: LearnOptions;
  /** The least mean return. */
  readonly goal: number;
  /** Seeds that must reach it, as a share. */
  readonly share: number;
}

const tasks: Readonly<Record<string, Task>> = {
  taxi: {
    title: 'Taxi-v3 by Q-learning, 10,000 episodes',
    environment: 'Taxi-v3',
    specify: (randomState) => qLearning({ randomState }),
    budget: { episodes: 10_000 },
    goal: 7.5,
    share: 1,
  },
  'frozen-lake': {
    title: 'FrozenLake-v1 8×8, slippery, 200 steps, by Q-learning, 1,000,000 steps',
    environment: { name: 'FrozenLake-v1', options: { mapName: '8x8', maxEpisodeSteps: 200 } },
    specify: (randomState) => qLearning({ randomState }),
    budget: { steps: 1_000_000, evaluationEpisodes: 200 },
    goal: 0.8,
    share: 1,
  },
  'cart-pole-dqn': {
    title: 'CartPole-v1 by DQN, 100,000 steps',
    environment: 'CartPole-v1',
    specify: (randomState) => dqn({ ...dqnPresets['CartPole-v1'], randomState }),
    budget: { steps: 100_000, evaluations: 40, evaluationEpisodes: 20 },
    goal: 475,
    share: 0.9,
  },
  'acrobot-dqn': {
    title: 'Acrobot-v1 by DQN, 200,000 steps',
    environment: 'Acrobot-v1',
    specify: (randomState) => dqn({ ...dqnPresets['Acrobot-v1'], randomState }),
    budget: { steps: 200_000, evaluations: 20, evaluationEpisodes: 50 },
    goal: -95,
    share: 0.8,
  },
  'cart-pole-ppo': {
    title: 'CartPole-v1 by PPO, 200,000 steps',
    environment: 'CartPole-v1',
    specify: (randomState) => ppo({ randomState }),
    budget: { steps: 200_000 },
    goal: 490,
    share: 0.9,
  },
  'cart-pole-a2c': {
    title: 'CartPole-v1 by A2C, 200,000 steps',
    environment: 'CartPole-v1',
    specify: (randomState) => a2c({ randomState }),
    budget: { steps: 200_000 },
    goal: 490,
    share: 0.9,
  },
  'cart-pole-reinforce': {
    title: 'CartPole-v1 by REINFORCE, 500,000 steps',
    environment: 'CartPole-v1',
    specify: (randomState) => reinforce({ randomState }),
    budget: { steps: 500_000 },
    goal: 475,
    share: 0.8,
  },
  'pendulum-ppo': {
    title: 'Pendulum-v1 by PPO, 300,000 steps',
    environment: 'Pendulum-v1',
    specify: (randomState) => ppo({ randomState, numEnvs: 4, nSteps: 1024, gamma: 0.9, learningRate: 1e-3 }),
    budget: { steps: 300_000 },
    goal: -250,
    share: 0.8,
  },
};

const { values: flags } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, only: { type: 'string' } },
});
for (const [name, task] of Object.entries(tasks)) {
  if (flags.only === undefined || flags.only === name) await judge(task, Number(flags.seeds));
}
await closeIdleThreads();

async function judge(
  { title, environment, specify, budget, goal, share }: Task,
  seeds: number,
): Promise<void> {
  const means: number[] = [];
  const seconds: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const model = await specify(seed).learn(environment, { ...budget, finalEpisodes: 1000 });
    means.push(model.learning.evaluation!.meanReturn);
    seconds.push(model.summary.seconds);
  }
  const reached = means.filter((mean) => mean >= goal).length;
  const isGood = reached >= share * seeds;
  if (!isGood) process.exitCode = 1;
  const total = seconds.reduce((sum, value) => sum + value, 0);
  process.stdout.write(
    `${title}\n  ${means.map((mean) => mean.toFixed(2)).join('  ')}\n` +
      `  ${reached} of ${seeds} seeds at least ${goal}: ${isGood ? 'reached' : 'SHORT'}; ${(total / seeds).toFixed(2)} s each\n`,
  );
}
