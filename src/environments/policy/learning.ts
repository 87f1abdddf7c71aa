import type { z } from 'zod';
import type { Eventually } from '../../core/eventually.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { OptionsSchema } from '../../core/options.ts';
import type {
  ClassifierDefinition,
  DefinitionBase,
  RegressorDefinition,
  State,
} from '../../define/definition.ts';
import type { OnnxBuilder, OnnxMatrix, OnnxValue } from '../../define/onnx.ts';
import type { Job } from '../../jobs/job.ts';
import type { Action, Environment, EnvironmentReference, Observation } from '../environment.ts';
import type { PolicyEvaluation } from '../evaluate-policy.ts';

/** How the policy did while it learned, an entry for each evaluation. */
export interface LearningCurve {
  readonly steps: readonly number[];
  readonly episodes: readonly number[];
  readonly meanReturn: readonly number[];
  readonly standardDeviation: readonly number[];
}

/** What has been learned so far, as plain data. */
export interface Learned<S extends State = State> {
  readonly policy: S;
  /** Of the environment, in all. */
  readonly steps: number;
  readonly episodes: number;
  readonly curve: LearningCurve;
}

/** How long to learn: until the first of the two is reached. */
export interface LearningBudget {
  readonly steps: number;
  readonly episodes: number;
}

/** Chooses an action for an observation; where a mask is given, among those whose entry is not 0. */
export type Actor = (observation: Observation, mask?: Uint8Array) => Action;

/** What an algorithm gets to learn with. */
export interface LearningContext<S extends State = State> {
  readonly environment: Environment;
  /**
   * Up to `count` environments of the kind, independent of each other, to be stepped side by side; one that was given as an object exists
   * only once. The first may be `environment` itself, which evaluations use too.
   */
  copies(count: number): Promise<readonly Environment[]>;
  readonly budget: LearningBudget;
  readonly randomState: number;
  /** What an earlier run had learned; then learning goes on as if it had not stopped. */
  readonly from: Learned<S> | undefined;
  /** Evaluations in the course of the learning; 0: none. */
  readonly evaluations: number;
  /** Plays evaluation episodes; always the same seeds, so that policies are compared on the same chance. */
  evaluate(act: Actor): Promise<PolicyEvaluation>;
  /** Call it every few thousand steps: it reports progress, gives way to others, throws AbortError to stop. */
  pause(fraction: number, message?: string): void | Promise<void>;
  /** Hands out a state from which learning can go on; call it between episodes. */
  checkpoint(learned: () => Learned<S>): Promise<void>;
}

/** What a policy remembers of its learning. */
export interface LearningRecord {
  readonly steps: number;
  readonly episodes: number;
  readonly curve: LearningCurve;
  /** The seed that was used. */
  readonly randomState: number;
  readonly environmentName: string;
  /** Where the environment can be made again; null when it was an object of the caller's. */
  readonly environment: EnvironmentReference | null;
  /** Actions to choose from, or numbers of a continuous action. */
  readonly actions: number;
  readonly actionNames: readonly string[] | null;
  /** Of the finished policy, on seeds that neither trained nor chose it; null in a checkpoint. */
  readonly evaluation: PolicyEvaluation | null;
}

/** The state of a fitted policy. */
export interface PolicyState<S extends State = State> {
  readonly policy: S;
  readonly learning: LearningRecord;
}

/** What the authors of all policies write; `S` is what was learned, as plain data. */
interface ActingParts<O extends OptionsSchema, S extends State, A extends object>
  extends Omit<DefinitionBase<O, 'matrix'>, 'input' | 'weighted' | 'learnsFrom'> {
  /** @throws OptionError when the environment's spaces do not suit the algorithm. */
  learn(options: z.output<O>, context: LearningContext<S>, job: Job): Eventually<Learned<S>>;
  /** The greedy policy: an action for an observation. */
  actor(policy: S, options: z.output<O>): Actor;
  /** What the fitted policy shows. */
  attributes?(policy: S, options: z.output<O>): A;
}

/** What the author of a policy that chooses among a few actions writes; `S` is what it learned, as plain data. */
export interface PolicyParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
> extends ActingParts<O, S, A> {
  /** What each action is worth, row-major, rows × actions; the first of the largest is the one that is taken. */
  actionValues(policy: S, x: Matrix, options: z.output<O>): Float64Array;
  /** {@link PolicyParts.actionValues} as ONNX: float64 [rows, actions]. */
  onnx?(policy: S, x: OnnxMatrix, graph: OnnxBuilder, options: z.output<O>): OnnxValue;
  /** How a policy that draws its actions does so by their values, where it does: then it has `predictProba`. */
  readonly draws?: 'softmax';
}

/** What the author of a policy whose actions are numbers writes. */
export interface ContinuousPolicyParts<
  O extends OptionsSchema = OptionsSchema,
  // biome-ignore lint/suspicious/noExplicitAny: a state is private to its definition
  S extends State = any,
  A extends object = object,
> extends ActingParts<O, S, A> {
  /** The greedy action of each row, row-major, rows × numbers of an action. */
  actions(policy: S, x: Matrix, options: z.output<O>): Float64Array;
  /** {@link ContinuousPolicyParts.actions} as ONNX: float64 [rows, numbers of an action]. */
  onnx?(policy: S, x: OnnxMatrix, graph: OnnxBuilder, options: z.output<O>): OnnxValue;
}

type Acting = Pick<PolicyParts, 'learn' | 'actor'>;
/** The definition of a policy: that of a classifier of observations whose classes are the actions, which learns otherwise. */
export type PolicyDefinition = ClassifierDefinition & Acting;
/** The definition of a policy of continuous actions: that of a regressor of observations, which learns otherwise. */
export type ContinuousPolicyDefinition = RegressorDefinition & Acting;
