import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { OptionError } from '../core/errors.ts';
import type { FittedModel } from '../define/fitted.ts';
import type { Environment } from '../environments/environment.ts';
import { listEnvironments } from '../environments/make-environment.ts';
import type { FittedPolicy, PolicySpecification } from '../environments/policy/define-policy.ts';
import { learningOf } from '../environments/policy/define-policy.ts';
import { drawLearningCurve } from '../environments/policy/draw-learning-curve.ts';
import { makeReferenced } from '../environments/policy/environment-source.ts';
import { familyOf } from '../models/registry.ts';
import { allFamilies, findFamily, learnsByActing } from '../select/family.ts';
import { optionsFromTexts } from '../select/option-text.ts';
import { loadModel, saveModel } from '../store/model-file.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text, texts } from './flags.ts';
import { type Io, printLine, printWarning } from './io.ts';
import { jsonText } from './json-text.ts';
import { count, layOut } from './layout.ts';
import { environmentReference, environmentText } from './learn/environment-flag.ts';
import { requireWritable } from './output-path.ts';
import { progressLine } from './progress-line.ts';
import { settings } from './settings.ts';

export const learn = defineCommand({
  name: 'learn',
  parameters: ['ENV'],
  summary: 'Learns to act in an environment, evaluates the policy on episodes it never saw, saves it.',
  flags: {
    model: text(
      'NAME',
      'q-learning (the default), dqn, or policy-gradient (the default where actions are numbers)',
    ),
    set: texts('NAME=VALUE', 'An option of the model, e.g. gamma=0.999; may be repeated'),
    environment: texts('NAME=VALUE', 'An option of the environment, e.g. mapName=8x8 or maxEpisodeSteps=200'),
    steps: number('N', 'Steps to learn for; 500,000 when --episodes is not given either'),
    episodes: number('N', 'Episodes to learn for'),
    seed: number('N', 'Seed of the learning and of its episodes; 42 by default'),
    evaluations: number('N', 'Evaluations on the way, of which the best policy is kept; 20 by default'),
    'evaluation-episodes': number('N', 'Episodes that judge the finished policy; 100 by default'),
    out: text('FILE', 'Save the policy, e.g. taxi.heddle; on the way FILE.checkpoint is kept'),
    from: text('FILE', 'Go on from a policy or a checkpoint, with its options'),
    curve: text('FILE.svg', 'Draw the return over the learning'),
    table: text('FILE.svg', 'Draw what each state is worth, and where to go (grid worlds)'),
    json: onOff('Print one object for programs'),
  },
  notes: [
    `ENV is one of ${listEnvironments()
      .map(({ name }) => name)
      .join(
        ', ',
      )}, or an environment of your own: FILE.ts or FILE.js, whose export makeEnvironment (FILE#NAME: NAME) is a function from ` +
      'options to an environment.',
    'heddle models policy-gradient lists the options of --set. Episodes have seeds of their own: those that judge neither trained nor chose the policy.',
  ],
  examples: [
    'heddle learn Taxi-v3 --episodes 10000 --out taxi.heddle',
    'heddle learn FrozenLake-v1 --environment mapName=8x8 --environment maxEpisodeSteps=200 --steps 1000000 --table lake.svg',
    'heddle learn CartPole-v1 --model policy-gradient --set algorithm=ppo --steps 100000 --out pole.heddle',
    'heddle learn CartPole-v1 --set bins=8 --set gamma=0.995 --json',
    'heddle learn Taxi-v3 --episodes 10000 --from taxi.heddle.checkpoint --out taxi.heddle',
  ],
  async run([given], flags, io) {
    const start = performance.now();
    const reference = environmentReference(given!, flags.environment);
    for (const path of [flags.out, flags.curve, flags.table]) {
      if (path !== undefined) await requireWritable(path);
    }
    const from = flags.from === undefined ? undefined : await loadModel(flags.from);
    const environment = await makeReferenced(reference);
    const specification = await specify(flags, from, environment);
    const checkpoint = flags.out === undefined ? undefined : `${flags.out}.checkpoint`;
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const model = await specification.learn(reference, {
        ...{ steps: flags.steps, episodes: flags.episodes, from, signal: io.signal },
        ...(flags.evaluations !== undefined && { evaluations: flags.evaluations }),
        ...(flags['evaluation-episodes'] !== undefined && { finalEpisodes: flags['evaluation-episodes'] }),
        onProgress: (state) => progress.show('learning', state),
        onWarning: ({ message }) => {
          warnings.push(message);
          progress.wipe();
          printWarning(io, message);
        },
        ...(checkpoint !== undefined && { onCheckpoint: (policy) => saveModel(policy, checkpoint) }),
      });
      progress.wipe();
      if (flags.out !== undefined) {
        await saveModel(model, flags.out);
        await rm(checkpoint!, { force: true });
      }
      if (flags.curve !== undefined) await writeSvg(await drawLearningCurve(model.learning), flags.curve);
      if (flags.table !== undefined) await drawTable(model, environment, flags.table);
      const seconds = (performance.now() - start) / 1000;
      const { out, curve, table } = flags;
      const ended = { model, seconds, warnings, text: environmentText(reference), out, curve, table };
      if (flags.json) printLine(io.stdout, jsonText(summary(ended)));
      else report(ended, io);
    } finally {
      progress.wipe();
    }
  },
});

interface Given {
  readonly model: string | undefined;
  readonly set: readonly string[];
  readonly seed: number | undefined;
}

/** The policy to learn; one that goes on keeps its options but for those that are given. */
async function specify(
  { model, set, seed }: Given,
  from: FittedModel | undefined,
  { actionSpace }: Environment,
): Promise<PolicySpecification> {
  if (from !== undefined) learningOf(from);
  const isNumbers = actionSpace.kind === 'box';
  const name = model ?? from?.specification.name ?? (isNumbers ? 'policy-gradient' : 'q-learning');
  const members = (await findFamily(name)).members.filter(
    ({ definition }) => definition.learnsFrom === 'environment',
  );
  const factory =
    members.find(({ definition }) => (definition.kind === 'regressor') === isNumbers) ?? members[0];
  if (factory === undefined) {
    const policies = (await allFamilies()).filter(learnsByActing).map((family) => family.name);
    throw new OptionError(
      'option/wrong-problem',
      `${name} learns from a table (heddle train); models that learn from an environment: ${policies.join(', ')}.`,
      { model: name },
    );
  }
  const { options } = factory.definition;
  const earlier = from?.specification.options;
  return factory.from({
    ...(earlier ?? { randomState: seed ?? 42 }),
    ...(earlier !== undefined && seed !== undefined && { randomState: seed }),
    ...optionsFromTexts(options, settings(set)),
  }) as unknown as PolicySpecification;
}

async function writeSvg(svg: string, path: string): Promise<void> {
  await writeFileAtomic(path, [new TextEncoder().encode(`${svg}\n`)]);
}

async function drawTable(model: FittedPolicy, { grid }: Environment, path: string): Promise<void> {
  if (!('qTable' in model)) {
    throw new OptionError('draw/no-grid', `${model.specification.name} has no table to draw.`, {
      flag: 'table',
    });
  }
  const { drawQTable } = await import('../models/q-learning/draw-q-table.ts');
  await writeSvg(drawQTable(model as never, grid), path);
}

interface Ended {
  readonly model: FittedPolicy;
  readonly seconds: number;
  readonly warnings: readonly string[];
  /** The environment, with its options. */
  readonly text: string;
  readonly out: string | undefined;
  readonly curve: string | undefined;
  readonly table: string | undefined;
}

function summary({ model, seconds, warnings, out, curve, table }: Ended): object {
  const { learning, specification } = model;
  const { environment, environmentName, steps, episodes, evaluation, randomState } = learning;
  return {
    ...{
      model: familyOf(specification.name),
      environment: environmentName,
      environmentOptions: environment?.options ?? {},
    },
    ...{ steps, episodes, seed: randomState, evaluation, seconds, options: specification.options },
    learningCurve: learning.curve,
    ...{ warnings, out: out ?? null, curve: curve ?? null, table: table ?? null },
  };
}

function report({ model, seconds, text, out, curve, table }: Ended, io: Io): void {
  const { specification, learning } = model;
  const { steps, episodes, evaluation, environmentName } = learning;
  const print = (line: string) => printLine(io.stdout, line);
  const amount = (n: number, noun: string) => count(n, noun).replace(/^\d+/, n.toLocaleString('en'));
  print(
    `${text}: ${familyOf(specification.name)}, ${amount(steps, 'step')} in ${amount(episodes, 'episode')}, ${seconds.toFixed(1)} s`,
  );
  print('');
  const rows: string[][] = [];
  if (evaluation !== null) {
    const { meanReturn, standardDeviation, meanLength } = evaluation;
    rows.push([
      'mean return',
      returnText(meanReturn),
      `± ${returnText(standardDeviation)} over ${amount(evaluation.episodes, 'episode')} never seen`,
    ]);
    rows.push(['mean length', returnText(meanLength), 'steps']);
    const threshold = listEnvironments().find(({ name }) => name === environmentName)?.rewardThreshold;
    if (threshold !== undefined) {
      const verdict = meanReturn >= threshold ? 'reached' : 'not reached';
      rows.push(['threshold', returnText(threshold), `Gymnasium's, ${verdict}`]);
    }
  }
  for (const line of layOut(rows, ['left', 'right', 'left'])) print(line);
  const written = [out, curve, table].filter((path) => path !== undefined);
  if (written.length === 0) return;
  print('');
  print(`written: ${written.join(', ')}`);
  if (out !== undefined) print(`heddle play ${out} shows it at work`);
}

function returnText(value: number): string {
  return String(Number(value.toPrecision(4)));
}
