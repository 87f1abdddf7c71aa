/**
 * `node bench/learning.ts [--seeds 10] [--only taxi]`: whether policies learn what they must, seed by seed, judged over 1,000 greedy episodes
 * that neither trained nor chose them. Fails when a seed falls short.
 */
import { parseArgs } from 'node:util';
import type { FittedPolicy, PolicySpecification } from '../src/environments/policy/define-policy.ts';
import type { EnvironmentSource } from '../src/environments/policy/environment-source.ts';
import type { LearnOptions } from '../src/environments/policy/learn-policy.ts';
import { closeIdleThreads } from '../src/jobs/pool.ts';
import { qLearning } from '../src/models/q-learning/q-learning.ts';

interface Task {
  readonly title: string;
  readonly environment: EnvironmentSource;
  readonly specify: (randomState: number) => PolicySpecification;
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
    const model: FittedPolicy = await specify(seed).learn(environment, { ...budget, finalEpisodes: 1000 });
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
