import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Matrix } from '../../src/core/matrix.ts';
import type { FittedModel } from '../../src/define/fitted.ts';
import type { ModelFactory } from '../../src/define/specification.ts';
import type { Action, Environment, Observation } from '../../src/environments/environment.ts';
import { makeEnvironment } from '../../src/environments/make-environment.ts';
import {
  type FittedPolicy,
  type PolicySpecification,
  policyActor,
} from '../../src/environments/policy/define-policy.ts';
import type { LearnOptions } from '../../src/environments/policy/learn-policy.ts';
import { loadModel, saveModel } from '../../src/store/model-file.ts';
import { exportOnnx } from '../../src/tensor/onnx/export-onnx.ts';
import { assertAgrees } from '../checks/onnx.ts';
import { assertRefused } from '../subject.ts';
import { type Fault, spoilEnvironment } from './spoil-environment.ts';

/** A policy with one set of options, under check in one environment. */
export interface PolicySubject {
  readonly factory: ModelFactory;
  readonly options: Readonly<Record<string, unknown>>;
  /** The name of an environment that suits. */
  readonly environment: string;
  /** The name of one whose actions do not suit; undefined when all do. */
  readonly unfit: string | undefined;
  /** A learning of a second or less. */
  readonly budget: LearnOptions;
}

export interface PolicyCheck {
  /** What must hold: a sentence that follows the model's name and a colon. */
  readonly holds: string;
  /** @throws AssertionError, or whatever the model throws, when it does not hold. */
  readonly run: (subject: PolicySubject) => Promise<void>;
}

const specify = ({ factory, options }: PolicySubject, more: object = {}) =>
  factory.from({ ...options, ...more }) as unknown as PolicySpecification;

const learn = (subject: PolicySubject, more: LearnOptions = {}) =>
  specify(subject).learn(subject.environment, { ...subject.budget, onWarning: () => {}, ...more });

/** Observations that random actions meet. */
function observationsOf(name: string, count: number): Observation[] {
  const environment = makeEnvironment(name);
  const { actionSpace } = environment;
  const found: Observation[] = [];
  let observation = environment.reset({ seed: 5 });
  for (let k = 0; k < count; k++) {
    found.push(typeof observation === 'number' ? observation : observation.slice());
    const action: Action =
      actionSpace.kind === 'discrete'
        ? (7 * k) % actionSpace.n
        : actionSpace.kind === 'box'
          ? Array.from(actionSpace.low, (low, j) => (k % 2 === 0 ? low : actionSpace.high[j]!))
          : actionSpace.sizes.map((size) => k % size);
    const step = environment.step(action);
    observation = step.terminated || step.truncated ? environment.reset() : step.observation;
  }
  return found;
}

function tableOf(observations: readonly Observation[], model: FittedModel): Matrix {
  const rows = observations.map((one) => (typeof one === 'number' ? [one] : Array.from(one)));
  const { names } = model.schema;
  return names === undefined ? Matrix.fromRows(rows) : Matrix.fromRows(rows, names);
}

/** What the policy learned, without when and where. */
function learnedBy({ state }: FittedModel): unknown {
  const { policy, learning } = state as { readonly policy: unknown; readonly learning: object };
  return { policy, learning };
}

const faults: Readonly<Record<Exclude<Fault, 'endless'>, string>> = {
  nan: 'environment/not-finite',
  shape: 'environment/observation-shape',
  reward: 'environment/reward',
  throws: 'environment/threw',
};

/** What holds for every policy. */
export const policyChecks = {
  'policy-repeats': {
    holds: 'the same seed gives the same bits on any number of threads, another seed others',
    async run(subject) {
      const first = await learn(subject, { threads: 1 });
      const second = await learn(subject, { threads: 2 });
      assert.deepEqual(learnedBy(second), learnedBy(first));
      const other = await specify(subject, { randomState: 77 }).learn(subject.environment, {
        ...subject.budget,
        onWarning: () => {},
      });
      assert.notDeepEqual(learnedBy(other), learnedBy(first));
    },
  },
  'policy-resumes': {
    holds:
      'a learning that is stopped and goes on from a saved checkpoint gives the bits of one that was not',
    async run(subject) {
      const undisturbed = await learn(subject);
      const controller = new AbortController();
      const folder = await mkdtemp(join(tmpdir(), 'heddle-policy-'));
      const path = join(folder, 'checkpoint.heddle');
      let checkpoints = 0;
      try {
        const stopped = learn(subject, {
          signal: controller.signal,
          async onCheckpoint(policy) {
            if (++checkpoints > 2) return;
            await saveModel(policy, path);
            if (checkpoints === 2) controller.abort();
          },
        });
        await assert.rejects(stopped, { code: 'job/aborted' });
        const from = await loadModel(path);
        const resumed = await learn(subject, { from });
        assert.deepEqual(learnedBy(resumed), learnedBy(undisturbed));
        const { steps } = (from as unknown as FittedPolicy).learning;
        assert.ok(steps > 0 && steps < undisturbed.learning.steps, `the checkpoint is of step ${steps}`);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  'policy-saves': {
    holds:
      'a saved policy is the same when it is loaded, and refuses to go on under other options or elsewhere',
    async run(subject) {
      const model = await learn(subject);
      const folder = await mkdtemp(join(tmpdir(), 'heddle-policy-'));
      try {
        await saveModel(model, join(folder, 'policy.heddle'));
        const loaded = (await loadModel(join(folder, 'policy.heddle'))) as unknown as FittedPolicy;
        assert.deepEqual(loaded.state, model.state);
        assert.deepEqual(loaded.schema, model.schema);
        const x = tableOf(observationsOf(subject.environment, 40), model);
        assert.deepEqual(await loaded.predict(x), await model.predict(x));
        await assert.rejects(
          specify(subject, { randomState: 77 }).learn(subject.environment, {
            ...subject.budget,
            from: loaded,
          }),
          { code: 'option/invalid' },
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  'policy-acts-as-it-predicts': {
    holds: 'tables, single rows and the acting policy agree on what to do',
    async run(subject) {
      const model = await learn(subject);
      const act = policyActor(model);
      const observations = observationsOf(subject.environment, 60);
      const x = tableOf(observations, model);
      const predicted = (await model.predict(x)) as unknown;
      const actions = observations.map((observation) => act(observation));
      if (model.specification.kind === 'classifier') assert.deepEqual(predicted, actions);
      const { predictRow } = model as { readonly predictRow?: (row: readonly number[]) => unknown };
      if (predictRow === undefined) return;
      for (const [i, action] of actions.entries()) {
        const row = x.data.subarray(i * x.columns, (i + 1) * x.columns);
        const told: unknown = predictRow.call(model, Array.from(row));
        const flat = (value: unknown) =>
          typeof value === 'number' ? [value] : Array.from(value as number[]);
        // A policy may act in float32.
        for (const [j, value] of flat(told).entries())
          assert.ok(Math.abs(value - flat(action)[j]!) <= 1e-5, `row ${i}: ${value} for ${flat(action)[j]}`);
      }
    },
  },
  'policy-onnx-agrees': {
    holds: 'ONNX Runtime computes from its graph what predict gives',
    async run(subject) {
      const model = await learn(subject);
      const x = tableOf(observationsOf(subject.environment, 60), model);
      const exported = await exportOnnx(model);
      await assertAgrees(model as never, exported, x, '60 rows');
      await assertAgrees(model as never, exported, x.take([3]), 'a row');
    },
  },
  'policy-aborts': {
    holds: 'a signal stops the learning',
    async run(subject) {
      const controller = new AbortController();
      const { episodes: _, ...budget } = subject.budget;
      const learning = learn(
        { ...subject, budget },
        { steps: 1e9, signal: controller.signal, onProgress: () => controller.abort() },
      );
      await assert.rejects(learning, { code: 'job/aborted' });
    },
  },
  'policy-told-of-faults': {
    holds:
      'an environment that breaks its word fails the learning by name; one without end is cut off with a warning',
    async run(subject) {
      const spoilt = (fault: Fault): Environment =>
        spoilEnvironment(makeEnvironment(subject.environment), fault, 30);
      for (const [fault, code] of Object.entries(faults)) {
        await assertRefused(fault, () => specify(subject).learn(spoilt(fault as Fault), subject.budget), {
          codes: [code],
          mentions: [subject.environment],
        });
      }
      const warnings: string[] = [];
      const { episodes: _, ...budget } = subject.budget;
      const model = await specify(subject).learn(spoilt('endless'), {
        ...{ ...budget, steps: 400, maxEpisodeSteps: 40, evaluations: 0, finalEpisodes: 1 },
        onWarning: ({ code: found }) => warnings.push(found),
      });
      assert.ok(
        warnings.includes('environment/endless'),
        `the warnings are ${warnings.join(', ') || 'none'}`,
      );
      assert.equal(model.learning.evaluation!.meanLength, 40);
    },
  },
  'policy-refuses': {
    holds:
      'unknown environments, unfit actions, budgets of nothing and rows to fit are refused before anything is learned',
    async run(subject) {
      const specification = specify(subject);
      const refused = (what: string, attempt: () => unknown, ...codes: string[]) =>
        assertRefused(what, attempt, { codes });
      await refused('no such world', () => specification.learn('Nowhere-v9'), 'environment/unknown');
      await refused('no steps', () => learn(subject, { steps: 0 }), 'option/invalid');
      await refused('a misspelling', () => learn(subject, { setps: 5 } as never), 'option/unknown');
      const { unfit } = subject;
      if (unfit !== undefined) await refused(unfit, () => specification.learn(unfit), 'model/unfit-actions');
      assert.equal('fit' in specification, false, 'a policy has no fit');
      const { definition } = specification;
      await refused(
        'rows',
        async () => definition.fit({} as never, {} as never, {} as never),
        'model/learns-from-environment',
      );
    },
  },
} satisfies Readonly<Record<string, PolicyCheck>>;

export type PolicyCheckName = keyof typeof policyChecks;
