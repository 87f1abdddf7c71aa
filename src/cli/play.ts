import { writeFileAtomic } from '../core/atomic-file.ts';
import { OptionError } from '../core/errors.ts';
import { animateScenes } from '../draw/scene.ts';
import type { Action, Environment, EnvironmentReference } from '../environments/environment.ts';
import { episodeSeed, SeedStream } from '../environments/episode-seed.ts';
import { learningOf, policyActor } from '../environments/policy/define-policy.ts';
import { makeReferenced, safeEnvironment } from '../environments/policy/environment-source.ts';
import type { LearningRecord } from '../environments/policy/learning.ts';
import { type EpisodeRecord, recordEpisode } from '../environments/record-episode.ts';
import { type Space, spaceWidth } from '../environments/space.ts';
import { familyOf } from '../models/registry.ts';
import type { LoadedModel } from '../store/model-file.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text, texts } from './flags.ts';
import { type Io, printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count, layOut, shortNumber } from './layout.ts';
import { environmentReference, environmentText } from './learn/environment-flag.ts';
import { requireWritable } from './output-path.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { openSavedModel } from './saved-model.ts';

/** Steps that are shown; a file of more frames would be too large to look at. */
const SHOWN_STEPS = 500;
const SHOWN_EPISODES = 20;
const MOST_STEPS = 10_000;

export const play = defineCommand({
  name: 'play',
  parameters: ['MODEL'],
  summary: 'Lets a learned policy act: prints the frames of an episode, draws an animated picture.',
  flags: {
    episodes: number('N', 'Episodes to play; 1 by default, more are only summed up'),
    seed: number('N', 'Seed of the episodes; 0 by default'),
    picture: text('FILE.svg', 'Draw the first episode as an animated picture'),
    speed: number('N', 'Frames a second of the picture; by default 4 in worlds of cells, else 25'),
    in: text('ENV', 'Another environment, or the file of your own; by default the one it was learned in'),
    environment: texts('NAME=VALUE', 'An option of the environment'),
    json: onOff('Print one object for programs'),
    ...registryFlag,
  },
  notes: [
    modelNote,
    'A policy learned in an environment of your own names no file that would be run unasked; say it with --in FILE.',
  ],
  examples: [
    'heddle play taxi.heddle',
    'heddle play taxi.heddle --episodes 1000 --json',
    'heddle play pole.heddle --picture pole.svg',
  ],
  async run([given], flags, io) {
    const { episodes = 1, seed = 0 } = flags;
    if (!Number.isSafeInteger(episodes) || episodes < 1) {
      throw new OptionError(
        'command/bad-flag',
        `--episodes takes a whole number from 1 on, not ${episodes}.`,
        {
          flag: 'episodes',
        },
      );
    }
    if (flags.picture !== undefined) await requireWritable(flags.picture);
    const model = await openSavedModel(given!, flags);
    const act = policyActor(model);
    const reference = referenceOf(learningOf(model), flags);
    const made = await makeReferenced(reference);
    requireFit(model, made, reference);
    const environment = safeEnvironment(made, reference, { mostSteps: MOST_STEPS });
    const played: EpisodeRecord[] = [];
    for (let k = 0; k < episodes; k++) {
      const isShown = k === 0 && (flags.picture !== undefined || (episodes === 1 && !flags.json));
      played.push(
        recordEpisode(environment, act, {
          seed: episodeSeed(seed, SeedStream.play, k),
          mostSteps: MOST_STEPS,
          shownSteps: isShown ? SHOWN_STEPS : 0,
        }),
      );
      // Gives way to an interrupt between episodes.
      if (k % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
      io.signal?.throwIfAborted();
    }
    if (flags.picture !== undefined) await draw(played[0]!, environment, flags);
    const totals = totalsOf(played);
    if (flags.json) {
      const { picture = null } = flags;
      const head = { model: familyOf(model.specification.name), environment: reference.name };
      const list = played.map((one) => ({
        return: one.return,
        length: one.length,
        terminated: one.terminated,
      }));
      printLine(io.stdout, jsonText({ ...head, seed, ...totals, picture, episodes: list }));
      return;
    }
    if (episodes === 1) printFrames(played[0]!, environment, io);
    else printEpisodes(played, totals, environmentText(reference), io);
    if (flags.picture !== undefined) printLine(io.stdout, `written: ${flags.picture}`);
  },
});

function referenceOf(
  { environment, environmentName }: LearningRecord,
  flags: { readonly in: string | undefined; readonly environment: readonly string[] },
): EnvironmentReference {
  if (flags.in !== undefined) return environmentReference(flags.in, flags.environment);
  if (environment === null || environment.module !== undefined) {
    throw new OptionError(
      'environment/not-named',
      `The policy was learned in ${environmentName}, an environment of your own; say where it is: --in FILE.ts (or FILE.ts#EXPORT).`,
      { environment: environmentName },
    );
  }
  const given = environmentReference(environment.name, flags.environment);
  return { name: environment.name, options: { ...environment.options, ...given.options } };
}

function requireFit(
  { schema, target }: LoadedModel,
  { actionSpace, observationSpace }: Environment,
  { name }: EnvironmentReference,
): void {
  const hasColumns = spaceWidth(observationSpace) === schema.columns;
  const [acts, what] =
    target.kind === 'values'
      ? [
          actionSpace.kind === 'box' && spaceWidth(actionSpace) === target.targets,
          `${count(target.targets, 'number')} as action`,
        ]
      : choicesOf(target, actionSpace);
  if (hasColumns && acts) return;
  throw new OptionError(
    'environment/unfit-space',
    `The policy has ${what} and ${count(schema.columns, 'number')} as observation, which ${name} does not fit.`,
    { environment: name },
  );
}

function choicesOf(target: LoadedModel['target'], space: Space): [fits: boolean, what: string] {
  const actions = target.kind === 'classes' ? target.classes.length : 0;
  return [space.kind === 'discrete' && space.n === actions, count(actions, 'action')];
}

interface Totals {
  readonly meanReturn: number;
  readonly standardDeviation: number;
  readonly meanLength: number;
}

function totalsOf(played: readonly EpisodeRecord[]): Totals {
  const mean = (of: (one: EpisodeRecord) => number) =>
    played.reduce((sum, one) => sum + of(one), 0) / played.length;
  const meanReturn = mean((one) => one.return);
  return {
    meanReturn,
    standardDeviation: Math.sqrt(mean((one) => (one.return - meanReturn) ** 2)),
    meanLength: mean((one) => one.length),
  };
}

async function draw(
  { steps, last }: EpisodeRecord,
  { pictureSize, name = 'the environment', grid }: Environment,
  { picture, speed }: { readonly picture: string | undefined; readonly speed: number | undefined },
): Promise<void> {
  const scenes = [...steps, last].map((one) => one.picture).filter((one) => one !== undefined);
  if (scenes.length === 0 || pictureSize === undefined) {
    throw new OptionError('draw/no-picture', `${name} draws no pictures.`, { flag: 'picture' });
  }
  const isCells = grid !== undefined || name.startsWith('Taxi');
  const svg = animateScenes(scenes, {
    ...pictureSize,
    title: `An episode of ${name}`,
    framesPerSecond: speed !== undefined && speed > 0 ? speed : isCells ? 4 : 25,
  });
  await writeFileAtomic(picture!, [new TextEncoder().encode(`${svg}\n`)]);
}

/** Each step with its action and reward, and the world where it has a text. */
function printFrames(episode: EpisodeRecord, { actionNames }: Environment, io: Io): void {
  const print = (line: string) => printLine(io.stdout, line);
  const nameOf = (action: Action) =>
    typeof action === 'number'
      ? (actionNames?.[action] ?? String(action))
      : Array.from(action, (value, j) => `${actionNames?.[j] ?? ''} ${shortNumber(value)}`.trim()).join(', ');
  const hasText = episode.steps[0]?.text !== undefined;
  if (hasText) {
    for (const [k, { text, action, reward }] of episode.steps.entries()) {
      if (text === undefined) break;
      print(text);
      print(`${k + 1}: ${nameOf(action)}, reward ${shortNumber(reward)}`);
      print('');
    }
    if (episode.last.text !== undefined) print(episode.last.text);
  } else {
    const rows = episode.steps
      .slice(0, SHOWN_EPISODES)
      .map(({ action, reward }, k) => [String(k + 1), nameOf(action), shortNumber(reward)]);
    for (const line of layOut([['step', 'action', 'reward'], ...rows], ['right', 'left', 'right']))
      print(line);
    if (episode.length > rows.length) print(`and ${count(episode.length - rows.length, 'more step')}`);
  }
  print('');
  print(
    `return ${shortNumber(episode.return)} in ${count(episode.length, 'step')}${episode.terminated ? '' : ', cut off'}`,
  );
}

function printEpisodes(played: readonly EpisodeRecord[], totals: Totals, environment: string, io: Io): void {
  const rows = played
    .slice(0, SHOWN_EPISODES)
    .map((one, k) => [
      String(k + 1),
      shortNumber(one.return),
      String(one.length),
      one.terminated ? '' : 'cut off',
    ]);
  const table = layOut([['episode', 'return', 'steps', ''], ...rows], ['right', 'right', 'right', 'left']);
  for (const line of table) printLine(io.stdout, line);
  if (played.length > rows.length)
    printLine(io.stdout, `and ${count(played.length - rows.length, 'more episode')}`);
  printLine(io.stdout);
  const { meanReturn, standardDeviation, meanLength } = totals;
  const short = (value: number) => String(Number(value.toPrecision(4)));
  printLine(
    io.stdout,
    `${environment}: mean return ${short(meanReturn)} ± ${short(standardDeviation)} over ${count(played.length, 'episode')} of ${short(meanLength)} steps`,
  );
}
