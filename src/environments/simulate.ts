import { DataError } from '../core/errors.ts';
import { sharedArray } from '../core/shared.ts';
import { type Dynamics, spaceArray } from './dynamics.ts';
import type {
  Action,
  Environment,
  EnvironmentReference,
  Observation,
  ResetOptions,
  Step,
} from './environment.ts';
import { type RandomSource, SeededSource } from './random-source.ts';
import { describeSpace, spaceWidth } from './space.ts';
import type { TransitionTable } from './transition-table.ts';

/** An environment that heddle brings: its whole state lies open. */
export interface SimulatedEnvironment<O extends Observation = Observation> extends Environment<O> {
  readonly name: string;
  /** The internal state, float64. Writing it changes the world; the next step starts from there. */
  readonly state: Float64Array;
  /** All that can happen, where states are few: what each action does with which probability. */
  readonly transitions: TransitionTable | undefined;
}

export interface SimulationFacts {
  readonly name: string;
  readonly maxEpisodeSteps?: number | undefined;
  readonly reference?: EnvironmentReference | undefined;
  readonly transitions?: TransitionTable | undefined;
}

/** An environment from its dynamics; `step` does not allocate. */
export function simulate<O extends Observation = Observation>(
  dynamics: Dynamics,
  facts: SimulationFacts,
): SimulatedEnvironment<O> {
  const environment = new Simulation(dynamics, facts);
  // What the dynamics cannot do is absent rather than failing.
  if (dynamics.render === undefined) Object.defineProperty(environment, 'render', { value: undefined });
  if (dynamics.picture === undefined) Object.defineProperty(environment, 'picture', { value: undefined });
  if (dynamics.actionMask === undefined)
    Object.defineProperty(environment, 'actionMask', { value: undefined });
  return environment as unknown as SimulatedEnvironment<O>;
}

/** The one step object of an environment, written anew at every step. */
class MutableStep {
  observation: Observation;
  reward = 0.5; // a fraction, so that the field holds float64 from the start
  terminated = false;
  truncated = false;

  constructor(observation: Observation) {
    this.observation = observation;
  }
}

class Simulation implements SimulatedEnvironment {
  readonly name: string;
  readonly maxEpisodeSteps: number | undefined;
  readonly reference: EnvironmentReference | undefined;
  readonly transitions: TransitionTable | undefined;
  readonly state: Float64Array;
  readonly observationSpace: Dynamics['observationSpace'];
  readonly actionSpace: Dynamics['actionSpace'];
  readonly observationNames: Dynamics['observationNames'];
  readonly actionNames: Dynamics['actionNames'];
  readonly grid: Dynamics['grid'];
  readonly pictureSize: Dynamics['pictureSize'];
  readonly #dynamics: Dynamics;
  readonly #limit: number;
  readonly #actionCount: number;
  readonly #actions: Int32Array | Float32Array;
  readonly #observation: Int32Array | Float32Array;
  readonly #isDiscrete: boolean;
  readonly #rewards = new Float64Array(1);
  readonly #mask: Uint8Array;
  readonly #step: MutableStep;
  #own: SeededSource | undefined;
  #random: RandomSource;
  #elapsed = 0;
  #isRunning = false;

  constructor(dynamics: Dynamics, { name, maxEpisodeSteps, reference, transitions }: SimulationFacts) {
    const { observationSpace, actionSpace, stateSize } = dynamics;
    this.name = name;
    this.maxEpisodeSteps = maxEpisodeSteps;
    this.reference = reference;
    this.transitions = transitions;
    this.state = sharedArray(Float64Array, stateSize);
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.observationNames = dynamics.observationNames;
    this.actionNames = dynamics.actionNames;
    this.grid = dynamics.grid;
    this.pictureSize = dynamics.pictureSize;
    this.#dynamics = dynamics;
    this.#limit = maxEpisodeSteps ?? Number.POSITIVE_INFINITY;
    this.#actionCount = actionSpace.kind === 'discrete' ? actionSpace.n : 0;
    this.#actions = new (spaceArray(actionSpace))(spaceWidth(actionSpace));
    this.#observation = new (spaceArray(observationSpace))(spaceWidth(observationSpace));
    this.#isDiscrete = observationSpace.kind === 'discrete';
    this.#mask = new Uint8Array(this.#actionCount);
    this.#step = new MutableStep(this.#isDiscrete ? 0 : this.#observation);
    this.#own = new SeededSource(0);
    this.#random = this.#own;
  }

  reset({ seed, random }: ResetOptions = {}): Observation {
    if (random !== undefined) {
      this.#random = random;
      this.#own = undefined;
    } else if (seed !== undefined) {
      if (this.#own === undefined) this.#own = new SeededSource(seed);
      else this.#own.seed(seed);
      this.#random = this.#own;
    }
    this.#dynamics.start(this.state, 0, this.#random);
    this.#elapsed = 0;
    this.#isRunning = true;
    return this.#observe();
  }

  step(action: Action): Step {
    if (!this.#isRunning) throw this.#notRunning();
    const actions = this.#actions;
    if (this.#actionCount > 0) {
      // Whole and in range, in one comparison: `>>> 0` makes a fraction or a negative number another one.
      if ((action as number) >>> 0 !== action || action >= this.#actionCount) throw this.#unfit(action);
      actions[0] = action as number;
    } else this.#takeNumbers(action);
    const step = this.#step;
    const terminated = this.#dynamics.advance(this.state, 0, actions, 0, this.#random, this.#rewards, 0);
    const truncated = ++this.#elapsed >= this.#limit;
    if (terminated || truncated) this.#isRunning = false;
    step.observation = this.#observe();
    step.reward = this.#rewards[0]!;
    step.terminated = terminated;
    step.truncated = truncated;
    return step;
  }

  actionMask(): Uint8Array {
    this.#dynamics.actionMask!(this.state, 0, this.#mask);
    return this.#mask;
  }

  render(): string {
    return this.#dynamics.render!(this.state, 0);
  }

  picture(): string {
    return this.#dynamics.picture!(this.state, 0);
  }

  #observe(): Observation {
    this.#dynamics.observe(this.state, 0, this.#observation, 0);
    return this.#isDiscrete ? this.#observation[0]! : this.#observation;
  }

  #takeNumbers(action: Action): void {
    const actions = this.#actions;
    if (typeof action === 'number') {
      if (actions.length !== 1 || !Number.isFinite(action)) throw this.#unfit(action);
      actions[0] = action;
      return;
    }
    if (action?.length !== actions.length) throw this.#unfit(action);
    for (let j = 0; j < actions.length; j++) {
      if (!Number.isFinite(action[j])) throw this.#unfit(action);
      actions[j] = action[j]!;
    }
  }

  #unfit(action: unknown): DataError {
    return unfitAction(this, action);
  }

  #notRunning(): DataError {
    return new DataError(
      'environment/not-running',
      `${this.name}: the episode ${this.#elapsed === 0 ? 'has not begun' : 'is over'}; call reset() before step().`,
      { environment: this.name },
    );
  }
}

export function unfitAction({ name = 'environment', actionSpace }: Environment, action: unknown): DataError {
  const isList = typeof action === 'object' && action !== null && 'length' in action;
  const shown = isList
    ? `[${Array.from(action as ArrayLike<number>)
        .slice(0, 8)
        .join(', ')}]`
    : String(action);
  return new DataError(
    'environment/unfit-action',
    `${name} takes ${describeSpace(actionSpace)} as action, not ${shown}.`,
    { environment: name, action: shown },
  );
}
