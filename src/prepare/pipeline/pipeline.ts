import { defineClassifier } from '../../define/define-classifier.ts';
import { defineClusterer } from '../../define/define-clusterer.ts';
import { defineRegressor } from '../../define/define-regressor.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { Kind, Method, State } from '../../define/definition.ts';
import { scoreColumns } from '../../define/score-columns.ts';
import type { Specification } from '../../define/specification.ts';
import { attributesOf, attributesOfTargets, type StepAttributes } from '../fitted-attributes.ts';
import { checkStepStates } from './check-steps.ts';
import {
  applyBothSteps,
  applySteps,
  fitSteps,
  offersMethod,
  type PipelineState,
  undoSteps,
  writeSteps,
} from './run-steps.ts';
import { stepNodes } from './step-nodes.ts';
import {
  checkSteps,
  lastStep,
  type NamedStep,
  namedSteps,
  type PipelineOptions,
  pipelineOptions,
  type StepRecord,
  type StepsLike,
} from './steps.ts';
import type {
  AttributesOfPairs,
  AttributesOfRecord,
  KindOfPairs,
  KindOfRecord,
  KindOfSteps,
  Pairs,
  PipelineAttributes,
  PipelineOf,
  Steps,
  TargetsAttributesOfPairs,
  TargetsAttributesOfRecord,
} from './types.ts';

/**
 * Transformers one after the other and a last model that sees what they make: one model of the kind of its last step. All
 * is learned from the training rows alone; `validation` and later tables go through the fitted transformers. Sample weights reach
 * the steps that take them.
 *
 *     pipeline(simpleImputer(), standardScaler(), ridge({ alpha: 1 }))
 *     pipeline({ impute: simpleImputer(), model: ridge() })
 *     pipeline([['impute', simpleImputer()], ['model', ridge()]])
 *
 * Steps without a name are called by their model in camelCase, several alike numbered from 1: `model.steps.ridge.coef`.
 * @throws OptionError for a name that repeats, or a step before the last that is no transformer.
 */
export function pipeline<const S extends Steps>(
  ...steps: S
): PipelineOf<KindOfSteps<S>, Readonly<Record<string, StepAttributes>>>;
export function pipeline<const P extends Pairs>(
  steps: P,
): PipelineOf<KindOfPairs<P>, AttributesOfPairs<P>, TargetsAttributesOfPairs<P>>;
export function pipeline<const R extends StepRecord>(
  steps: R,
): PipelineOf<KindOfRecord<R>, AttributesOfRecord<R>, TargetsAttributesOfRecord<R>>;
export function pipeline(...given: StepsLike): Specification {
  const steps = namedSteps(given);
  return factories[lastStep({ steps })[1].kind]({ steps: steps as [string, Specification][] });
}

/** What the pipelines of all four kinds share. */
function commonParts<K extends Kind>(kind: K) {
  const name = `pipeline-${kind}`;
  return {
    name,
    module: import.meta.url,
    summary: `Transformers and a last ${kind}, as one ${kind}.`,
    use: `To fit the preparation of a table together with the ${kind}, on training rows only.`,
    input: 'table' as const,
    missing: 'accepted' as const,
    continues: true,
    checkpoints: true,
    options: pipelineOptions,
    check: (options: PipelineOptions) => checkSteps(name, kind, options),
    checkState: checkStepStates,
    offers: (options: PipelineOptions, method: Method) => offersMethod(options, method),
    rowOperations: (state: PipelineState) => state.rowOperations,
    attributes: attributesOfSteps,
  };
}

function attributesOfSteps(state: PipelineState, { steps }: PipelineOptions): PipelineAttributes {
  return {
    steps: Object.fromEntries(steps.map(([name, step], i) => [name, attributesOf(step, state.steps[i]!)])),
    featureNamesOut: state.featureNamesOut,
  };
}

const noTarget = { y: undefined, targets: 0, classes: undefined };

export const pipelineRegressor = defineRegressor({
  ...commonParts('regressor'),
  severalTargets: true,
  fit: (options, data, job): Promise<PipelineState> =>
    fitSteps(options, { ...data, classes: undefined }, job),
  predict: (state, x, job, options) => applySteps(options, state, 'predict', x, job) as Float64Array,
  predictInterval: (state, x, job, options) =>
    applySteps(options, state, 'predictInterval', x, job) as Float64Array,
  onnx: (state, x, graph, options) => stepNodes('regressor', options, state, x, graph),
  attributesOfTargets(state, options): PipelineAttributes {
    const { steps, featureNamesOut } = attributesOfSteps(state, options);
    const [name, last] = lastStep(options);
    return { steps: { ...steps, [name]: attributesOfTargets(last, state.steps.at(-1)!) }, featureNamesOut };
  },
});

export const pipelineClassifier = defineClassifier({
  ...commonParts('classifier'),
  fit: (options, data, job): Promise<PipelineState> => fitSteps(options, { ...data, targets: 1 }, job),
  predict: (state, x, job, options) => applySteps(options, state, 'predict', x, job) as Int32Array,
  predictProba: (state, x, job, options) =>
    applySteps(options, state, 'predictProba', x, job) as Float64Array,
  scoreColumns: (options, classes) => scoreColumns(lastStep(options)[1], classes),
  predictBoth: (state, x, job, options) => applyBothSteps(options, state, x, job),
  decisionFunction: (state, x, job, options) =>
    applySteps(options, state, 'decisionFunction', x, job) as Float64Array,
  onnx: (state, x, graph, options) => stepNodes('classifier', options, state, x, graph),
});

interface ClustererState extends PipelineState {
  readonly labels: Int32Array;
}

export const pipelineClusterer = defineClusterer({
  ...commonParts('clusterer'),
  async fit(options, data, job): Promise<ClustererState> {
    const state = await fitSteps(options, { ...data, ...noTarget }, job);
    return { ...state, labels: labelsOf(lastStep(options), state.steps.at(-1)!) };
  },
  labels: (state) => (state as ClustererState).labels,
  predict: (state, x, job, options) => applySteps(options, state, 'predict', x, job) as Int32Array,
  onnx: (state, x, graph, options) => stepNodes('clusterer', options, state, x, graph),
});

function labelsOf([, { definition }]: NamedStep, state: State): Int32Array {
  if (definition.kind !== 'clusterer') throw new TypeError('The last step of a clusterer is a clusterer.');
  return definition.labels(state);
}

export const pipelineTransformer = defineTransformer({
  ...commonParts('transformer'),
  fit: (options, data, job): Promise<PipelineState> => fitSteps(options, data, job),
  transform: (state, x, job, options) => applySteps(options, state, 'transform', x, job) as never,
  transformInto: (state, x, block, job, options) => writeSteps(options, state, x, block, job),
  inverseTransform: (state, x, job, options) => undoSteps(options, state, x, job),
  onnx: (state, x, graph, options) => stepNodes('transformer', options, state, x, graph),
});

const factories = {
  regressor: pipelineRegressor,
  classifier: pipelineClassifier,
  clusterer: pipelineClusterer,
  transformer: pipelineTransformer,
} as const;
