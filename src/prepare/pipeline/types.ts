import type { ClassifierSpecification } from '../../define/define-classifier.ts';
import type { ClustererSpecification } from '../../define/define-clusterer.ts';
import type { RegressorSpecification } from '../../define/define-regressor.ts';
import type { TransformerSpecification } from '../../define/define-transformer.ts';
import type { Kind } from '../../define/definition.ts';
import type { Specification } from '../../define/specification.ts';
import type { StepAttributes } from '../fitted-attributes.ts';
import type { NamedStep, StepRecord } from './steps.ts';

/** What every fitted pipeline has, with attributes `S` of its steps. */
export interface PipelineAttributes<S extends object = Readonly<Record<string, StepAttributes>>> {
  /** Attributes of the fitted steps by name, e.g. `model.steps.ridge.coef`. */
  readonly steps: S;
  /** The columns that the last step sees; for a transformer those it makes. */
  readonly featureNamesOut: readonly string[];
}

/** A pipeline whose last step is of kind `K`; its steps have attributes `S`, with several targets `T`. */
export type PipelineOf<K extends Kind, S extends object, T extends object = S> = {
  regressor: RegressorSpecification<PipelineAttributes<S>, PipelineAttributes<T>>;
  classifier: ClassifierSpecification<PipelineAttributes<S>>;
  clusterer: ClustererSpecification<PipelineAttributes<S>>;
  transformer: TransformerSpecification<PipelineAttributes<S>>;
}[K];

/** The attributes that a step has once it is fitted. */
export type AttributesOf<S> = S extends { restore(parts: never): infer F }
  ? Omit<F, keyof FittedOf<S>>
  : StepAttributes;

/** The same for a fit whose target has columns. */
type TargetsAttributesOf<S> =
  // biome-ignore lint/suspicious/noExplicitAny: attributes of a single target do not matter here
  S extends RegressorSpecification<any, infer M> ? M : AttributesOf<S>;

/** A fitted model of the same kind without attributes of its own. */
type FittedOf<S> = S extends { readonly kind: infer K extends Kind } ? ReturnType<Bare[K]['restore']> : never;
interface Bare {
  regressor: RegressorSpecification;
  classifier: ClassifierSpecification;
  clusterer: ClustererSpecification;
  transformer: TransformerSpecification;
}

/** All steps but the last are transformers. */
export type Steps = readonly [...Specification<'transformer'>[], Specification];
export type Pairs = readonly [...(readonly [string, Specification<'transformer'>])[], NamedStep];

type LastOf<S extends readonly unknown[]> = S extends readonly [...unknown[], infer L] ? L : S[number];

export type KindOfSteps<S extends readonly Specification[]> = (LastOf<S> & Specification)['kind'];
export type KindOfPairs<P extends readonly NamedStep[]> = (LastOf<P> & NamedStep)[1]['kind'];
/** The order of an object's keys is not part of its type, but only the last step can be no transformer. */
export type KindOfRecord<R extends StepRecord> = [Exclude<R[keyof R]['kind'], 'transformer'>] extends [never]
  ? 'transformer'
  : Exclude<R[keyof R]['kind'], 'transformer'>;

export type AttributesOfPairs<P extends readonly NamedStep[]> = {
  readonly [Pair in P[number] as Pair[0]]: AttributesOf<Pair[1]>;
};
export type AttributesOfRecord<R extends StepRecord> = { readonly [Name in keyof R]: AttributesOf<R[Name]> };
export type TargetsAttributesOfPairs<P extends readonly NamedStep[]> = {
  readonly [Pair in P[number] as Pair[0]]: TargetsAttributesOf<Pair[1]>;
};
export type TargetsAttributesOfRecord<R extends StepRecord> = {
  readonly [Name in keyof R]: TargetsAttributesOf<R[Name]>;
};
