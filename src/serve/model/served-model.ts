import type { Eventually } from '../../core/eventually.ts';
import type { Frame } from '../../core/frame.ts';
import type { Label } from '../../core/labels.ts';
import { type QuickPrediction, quickPredictor } from '../../define/quick-predictor.ts';
import { requirePredictor, trainedFacts } from '../../monitor/trained-model.ts';
import type { Predictor } from '../../select/evaluate-model.ts';
import { predictTable } from '../../select/predict-table.ts';
import type { LoadedModel } from '../../store/model-file.ts';
import type { ModelVersion } from '../../store/registry/registry.ts';
import { acceptedMissing } from './accepted-missing.ts';
import { knownColumns, type ServedColumn } from './served-column.ts';

/** Where a model came from and what it is called. */
export interface ModelIdentity {
  readonly name: string;
  /** Of a registry; null for a model file. */
  readonly version: number | null;
  /** Named in messages. */
  readonly path: string;
  readonly registered?: ModelVersion | undefined;
}

export interface ServedTarget {
  /** Null when the file does not say. */
  readonly name: string | null;
  readonly kind: 'number' | 'class';
  readonly classes: readonly Label[] | null;
  readonly positiveClass: Label | null;
}

/** One version of a model, ready to predict. */
export interface ServedModel extends Disposable {
  readonly identity: ModelIdentity;
  readonly model: Predictor;
  readonly columns: readonly ServedColumn[];
  readonly target: ServedTarget;
  /** On the test rows of its training, by name. */
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly loadedAt: Date;
  /**
   * Predicts rows of the model's columns: at once where that takes microseconds, else on worker threads.
   * @throws DataError naming a column whose value the model cannot take.
   */
  predict(x: Frame, signal?: AbortSignal): Eventually<QuickPrediction>;
}

/**
 * Prepares a loaded model: finds out what it knows of its columns and predicts once, so that the first request is as fast as
 * later ones.
 * @throws FileError for a model that predicts no single target.
 */
export async function servedModel(loaded: LoadedModel, identity: ModelIdentity): Promise<ServedModel> {
  const model = requirePredictor(loaded, identity.path);
  const facts = trainedFacts(model);
  const quick = quickPredictor(model);
  const predict = (x: Frame, signal?: AbortSignal) => quick(x) ?? slowPrediction(model, x, signal);
  const known = knownColumns(model, facts);
  const accepted = await acceptedMissing(known, predict);
  const classes = model.kind === 'classifier' ? model.classes : null;
  return {
    ...{ identity, model, predict },
    columns: known.map((column, j) => ({ ...column, acceptsMissing: accepted?.[j] ?? true })),
    target: {
      name: facts.table?.target.name ?? null,
      kind: classes === null ? 'number' : 'class',
      classes,
      positiveClass: model.kind === 'classifier' ? model.positiveClass : null,
    },
    metrics: identity.registered?.metrics ?? facts.table?.metrics ?? {},
    loadedAt: new Date(),
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

async function slowPrediction(model: Predictor, x: Frame, signal?: AbortSignal): Promise<QuickPrediction> {
  const predictions = await predictTable(model, x, { signal });
  if (predictions.kind === 'regression') {
    const { values, intervals } = predictions;
    return { kind: 'values', values, ...(intervals && { bounds: intervals.data }) };
  }
  const { values, classes, probabilities } = predictions;
  const codeOf = new Map(classes.map((label, code) => [label, code]));
  return {
    kind: 'classes',
    codes: Int32Array.from(values, (label) => codeOf.get(label)!),
    probabilities: probabilities?.data,
  };
}
