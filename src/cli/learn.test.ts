import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { qLearning } from '../models/q-learning/q-learning.ts';
import { saveModel } from '../store/model-file.ts';
import { folderOf, heddle } from './run.fixture.ts';

const corridor = fileURLToPath(new URL('../environments/policy/corridor.fixture.ts', import.meta.url));
const quick = ['--episodes', '600', '--evaluations', '3', '--evaluation-episodes', '20'];

test('a policy is learned, saved, drawn and reported as one object', async (t) => {
  const { path, file } = folderOf(t);
  const [out, curve, table] = [path('lake.heddle'), path('curve.svg'), path('table.svg')];
  const { code, json, stderr } = await heddle(
    ...['learn', 'FrozenLake-v1', '--environment', 'isSlippery=false', ...quick, '--seed', '1'],
    ...['--set', 'gamma=0.9', '--out', out, '--curve', curve, '--table', table, '--json'],
  );
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.deepEqual([json.model, json.environment, json.seed], ['q-learning', 'FrozenLake-v1', 1]);
  assert.deepEqual(json.environmentOptions, { isSlippery: false });
  assert.deepEqual(
    [json.evaluation.episodes, json.evaluation.meanReturn, json.evaluation.standardDeviation],
    [20, 1, 0],
  );
  assert.ok(json.steps > 600 && json.episodes === 600 && json.seconds > 0);
  assert.equal(json.options.gamma, 0.9);
  assert.equal(json.learningCurve.steps.length, 3);
  assert.equal(existsSync(`${out}.checkpoint`), false);
  for (const file of [curve, table])
    assert.equal(parseHTML(readFileSync(file, 'utf8')).document.querySelectorAll('svg').length, 1);

  const { json: played } = await heddle('play', out, '--episodes', '5', '--json');
  assert.deepEqual([played.meanReturn, played.meanLength, played.episodes.length], [1, 6, 5]);
  const { stdout } = await heddle('play', out);
  assert.match(stdout, /^\[S\] F {2}F {2}F\n/);
  assert.match(stdout, /\n6: \w+, reward 1\n/);
  assert.match(stdout, /return 1 in 6 steps\n$/);
  const picture = path('lake.svg');
  assert.equal((await heddle('play', out, '--picture', picture)).code, 0);
  assert.equal(parseHTML(readFileSync(picture, 'utf8')).document.querySelectorAll('animate').length, 7);

  // Files, tables and graphs take it as any classifier.
  const predicted = await heddle('predict', out, file('cells.csv', 'state\n0\n14\n'));
  assert.match(predicted.stdout, /\n14,2\n/, 'right, from the cell before the goal');
  const exported = await heddle('export', out, '--onnx', path('lake.onnx'), '--json');
  assert.equal(exported.json.kind, 'classifier');
});

test('the report for people tells what came out', async () => {
  const { stdout } = await heddle('learn', 'CliffWalking-v1', ...quick);
  assert.match(
    stdout,
    /^CliffWalking-v1: q-learning, [\d,]+ steps in 600 episodes, [\d.]+ s\n\nmean return +-13 +± 0 over 20 episodes never seen\n/,
  );
  const { stdout: shown } = await heddle(
    'learn',
    'Taxi-v3',
    '--steps',
    '2000',
    '--evaluations',
    '1',
    '--evaluation-episodes',
    '2',
  );
  assert.match(shown, /threshold +8 +Gymnasium's, not reached/);
});

test('learning goes on from a checkpoint to the result that it would have had', async (t) => {
  const { path } = folderOf(t);
  const budget = ['--episodes', '200', '--evaluations', '4', '--evaluation-episodes', '10', '--json'];
  const whole = await heddle('learn', 'FrozenLake-v1', ...budget, '--seed', '2');
  // What is left of a run that was ended at its second evaluation.
  const controller = new AbortController();
  let checkpoints = 0;
  const stopped = qLearning({ randomState: 2 }).learn('FrozenLake-v1', {
    ...{ episodes: 200, evaluations: 4, signal: controller.signal },
    async onCheckpoint(policy) {
      if (++checkpoints === 2) {
        await saveModel(policy, path('lake.checkpoint'));
        controller.abort();
      }
    },
  });
  await assert.rejects(stopped, { code: 'job/aborted' });
  const on = await heddle('learn', 'FrozenLake-v1', ...budget, '--from', path('lake.checkpoint'));
  const facts = ({ seconds, ...rest }: { seconds: number; [fact: string]: unknown }) => rest;
  assert.deepEqual(facts(on.json), facts(whole.json));
  const other = await heddle(
    'learn',
    'FrozenLake-v1',
    '--from',
    path('lake.checkpoint'),
    '--set',
    'gamma=0.5',
  );
  assert.match(other.stderr, /goes on from a q-learning of the same options/);
});

test('an environment of a file is learned in, and played in only where that is said', async (t) => {
  const { path } = folderOf(t);
  const out = path('corridor.heddle');
  const learned = await heddle(
    ...['learn', corridor, '--environment', 'length=4', '--set', 'bins=8', ...quick, '--out', out, '--json'],
  );
  assert.equal(learned.stderr, '');
  assert.ok(Math.abs(learned.json.evaluation.meanReturn - 0.97) < 1e-9);
  const unsaid = await heddle('play', out);
  assert.equal(unsaid.code, 1);
  assert.match(unsaid.stderr, /say where it is: --in FILE\.ts/);
  const played = await heddle(
    'play',
    out,
    '--in',
    `${corridor}#makeEnvironment`,
    '--environment',
    'length=4',
  );
  assert.match(played.stdout, /^step +action +reward\n +1 +on +-0\.01\n/);
  assert.match(played.stdout, /return 0\.97 in 4 steps\n$/);
  const unfit = await heddle('play', out, '--in', 'Taxi-v3');
  assert.match(unfit.stderr, /2 actions and 2 numbers as observation, which Taxi-v3 does not fit/);
  const undrawn = await heddle('play', out, '--in', corridor, '--picture', path('x.svg'));
  assert.match(undrawn.stderr, /draws no pictures/);
});

test('a policy gradient is learned by name, where actions are choices and where they are numbers', async (t) => {
  const { path, file } = folderOf(t);
  const [pole, pendulum] = [path('pole.heddle'), path('pendulum.heddle')];
  const few = [
    '--steps',
    '1200',
    '--evaluations',
    '2',
    '--evaluation-episodes',
    '3',
    '--set',
    'hiddenLayers=[8]',
  ];
  const { json, stderr } = await heddle(
    ...['learn', 'CartPole-v1', '--model', 'policy-gradient', '--set', 'algorithm=a2c', ...few],
    ...['--out', pole, '--json'],
  );
  assert.equal(stderr, '');
  assert.deepEqual([json.model, json.environment, json.steps], ['policy-gradient', 'CartPole-v1', 1200]);
  assert.equal(json.evaluation.episodes, 3);
  const predicted = await heddle(
    'predict',
    pole,
    file('a.csv', 'position,velocity,angle,angularVelocity\n0,0,1,1\n'),
  );
  assert.match(
    predicted.stdout,
    /^position.*,prediction,probability_0,probability_1\n0,0,1,1,[01],0\.\d+,0\.\d+\n/,
  );

  const learned = await heddle('learn', 'Pendulum-v1', ...few, '--set', 'nSteps=64', '--out', pendulum);
  assert.match(learned.stdout, /^Pendulum-v1: policy-gradient, 1,200 steps in \d+ episodes/);
  const played = await heddle('play', pendulum, '--picture', path('pendulum.svg'));
  assert.match(played.stdout, /^step +action +reward\n +1 +torque -?\d/);
  assert.equal(
    parseHTML(readFileSync(path('pendulum.svg'), 'utf8')).document.querySelectorAll('animate').length,
    201,
  );
  const unfit = await heddle('play', pendulum, '--in', 'CartPole-v1');
  assert.match(
    unfit.stderr,
    /1 number as action and 3 numbers as observation, which CartPole-v1 does not fit/,
  );
  const exported = await heddle('export', pendulum, '--onnx', path('pendulum.onnx'), '--json');
  assert.equal(exported.json.kind, 'regressor');
});

test('a deep Q-network is learned by name, played, predicts and becomes a graph', async (t) => {
  const { path, file } = folderOf(t);
  const out = path('pole.heddle');
  const sets = ['hiddenLayers=[8]', 'double=true', 'learningStarts=50', 'targetUpdateInterval=100'];
  const { json, stderr } = await heddle(
    ...['learn', 'CartPole-v1', '--model', 'dqn', '--steps', '600', '--evaluations', '2', '--seed', '3'],
    ...['--evaluation-episodes', '3', ...sets.flatMap((set) => ['--set', set]), '--out', out, '--json'],
  );
  assert.equal(stderr, '');
  assert.deepEqual([json.model, json.steps, json.evaluation.episodes], ['dqn', 600, 3]);
  assert.deepEqual([json.options.hiddenLayers, json.options.double], [[8], true]);
  const { json: played } = await heddle('play', out, '--episodes', '2', '--json');
  assert.equal(played.episodes.length, 2);
  const predicted = await heddle(
    'predict',
    out,
    file('poles.csv', 'position,velocity,angle,angularVelocity\n0,0,0.1,1\n'),
  );
  assert.match(predicted.stdout, /\n0,0,0.1,1,[01]/);
  const exported = await heddle('export', out, '--onnx', path('pole.onnx'), '--json');
  assert.equal(exported.json.kind, 'classifier');
  const table = await heddle(
    'learn',
    'CartPole-v1',
    '--model',
    'dqn',
    '--steps',
    '10',
    '--table',
    path('t.svg'),
  );
  assert.match(table.stderr, /dqn has no table to draw/);
});

test('what cannot be is refused with one line that says what to do', async (t) => {
  const { file } = folderOf(t);
  const cases: [string[], RegExp][] = [
    [['learn', 'Taxi-v9'], /There is no environment 'Taxi-v9'\. Did you mean 'Taxi-v3'/],
    [['learn', 'Taxi-v3', '--model', 'ridge'], /ridge learns from a table \(heddle train\)/],
    [['learn', 'Taxi-v3', '--set', 'gama=1'], /no option 'gama'\. Did you mean 'gamma'/],
    [['learn', 'Taxi-v3', '--environment', 'rain=true'], /Taxi-v3 has no option 'rain'/],
    [['learn', 'Taxi-v3', '--environment', 'maxEpisodeSteps=x'], /maxEpisodeSteps is a whole number/],
    [['learn', 'Pendulum-v1', '--model', 'q-learning'], /takes numbers as actions/],
    [['learn', 'Taxi-v3', '--steps', '0'], /'steps' cannot be 0/],
    [['learn', 'nowhere.ts'], /Cannot load the environment of '.*nowhere\.ts'/],
    [
      ['train', file('a.csv', 'a,b\n1,2\n2,3\n'), '--target', 'b', '--model', 'q-learning'],
      /q-learning predicts no target/,
    ],
  ];
  for (const [argv, message] of cases) {
    const { code, stderr } = await heddle(...argv);
    assert.equal(code, 1, argv.join(' '));
    assert.match(stderr, message);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

test('the taxi is drawn with its frames one after another', async (t) => {
  const { path } = folderOf(t);
  const out = path('taxi.heddle');
  await heddle('learn', 'Taxi-v3', '--episodes', '3000', '--out', out);
  const { stdout } = await heddle('play', out, '--episodes', '2', '--picture', path('taxi.svg'));
  assert.match(stdout, /^episode +return +steps\n +1 +-?\d+ +\d+/);
  assert.match(stdout, /Taxi-v3: mean return -?[\d.]+ ± [\d.]+ over 2 episodes/);
  const { document } = parseHTML(readFileSync(path('taxi.svg'), 'utf8'));
  assert.ok(document.querySelectorAll('g > animate').length > 5);
  assert.match(document.querySelector('title')!.textContent!, /An episode of Taxi-v3/);
});
