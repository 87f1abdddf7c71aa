import { OptionError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import type { ClustererSpecification, FittedClusterer } from '../../define/define-clusterer.ts';
import type { JobOptions } from '../../jobs/job.ts';
import type { ColumnRole } from '../column-role.ts';
import { optionsFromTexts } from '../option-text.ts';
import { withOptions } from '../search/option-paths.ts';
import { type ClusterChoice, chooseClusters } from './choose-clusters.ts';
import { type ClusterProfile, profileClusters } from './cluster-profile.ts';
import { type ClusterScores, clusterScores } from './cluster-scores.ts';
import { prepareRows } from './prepare-rows.ts';
import { findRowModel, type RowModelOptions, type WantedModel } from './row-model.ts';
import { selectFeatures } from './select-features.ts';

/** `model`: name of a clusterer with an option nClusters. */
export interface ClusterTableOptions extends RowModelOptions {
  /** `auto` tries 2 … 10; undefined where the options of the model say where to cut. */
  readonly clusters: number | 'auto' | undefined;
}

export interface ClusteredTable {
  readonly specification: ClustererSpecification;
  /** With its preparation; undefined unless it was wanted. */
  readonly model: FittedClusterer | undefined;
  readonly labels: Int32Array;
  readonly scores: ClusterScores;
  readonly profiles: readonly ClusterProfile[];
  /** How the number was chosen. */
  readonly choice: ClusterChoice | undefined;
  /** The tree of merges, of models that make one. */
  readonly linkageMatrix: Matrix | undefined;
  readonly features: readonly string[];
  readonly columns: readonly ColumnRole[];
  readonly steps: readonly string[];
  /** Of the fit alone. */
  readonly seconds: number;
}

/** Starts unless the options say otherwise: a single one of k-means often ends in a poor place. */
const STARTS = 10;

/**
 * Clusters the rows of a table: leaves out identifiers, prepares the columns by `prepareTable`, standardised unless told otherwise, fits, scores and describes.
 * @throws DataError and OptionError naming column, row or option.
 */
export async function clusterTable(
  table: Frame,
  options: ClusterTableOptions,
  job: JobOptions = {},
): Promise<ClusteredTable> {
  const specification = await specify(options);
  const wanted = selectFeatures(table, options);
  const { features: named, categorical, standardise, clusters } = options;
  const prepared = await prepareRows(wanted, specification, { named, categorical, standardise }, job);
  const { x, features, columns, steps } = prepared;
  const start = performance.now();
  const choice =
    clusters === 'auto'
      ? await chooseClusters(x, { ...job, model: specification, randomState: options.seed })
      : undefined;
  const fitted = choice === undefined ? await specification.fit(x, job) : undefined;
  const seconds = (performance.now() - start) / 1000;
  const labels = choice?.labels ?? fitted!.labels;
  const count = choice?.recommended;
  const scores =
    choice?.candidates.find(({ k }) => k === count) ??
    (await clusterScores(x, labels, { randomState: options.seed, signal: job.signal }));
  const whole = count === undefined ? prepared.specification : withClusters(prepared.specification, count);
  return {
    ...{ labels, scores, choice, features, columns, steps, seconds },
    specification: count === undefined ? specification : withOptions(specification, { nClusters: count }),
    model: options.keepsModel ? await whole.fit(table.select(features), job) : undefined,
    profiles: profileClusters(table.select(features), labels),
    linkageMatrix: choice?.linkageMatrix ?? linkageOf(fitted),
  };
}

/** The option of the model itself, or of the last step of its pipeline. */
function withClusters(specification: ClustererSpecification, count: number): ClustererSpecification {
  const steps = specification.options.steps as readonly (readonly [string, unknown])[] | undefined;
  const path = steps === undefined ? 'nClusters' : `${steps.at(-1)![0]}.nClusters`;
  return withOptions(specification, { [path]: count });
}

function linkageOf(
  model: FittedClusterer<{ readonly linkageMatrix?: unknown }> | undefined,
): Matrix | undefined {
  return model?.linkageMatrix instanceof Matrix ? model.linkageMatrix : undefined;
}

async function specify({
  model,
  clusters,
  modelOptionTexts,
  seed,
}: ClusterTableOptions): Promise<ClustererSpecification> {
  const factory = await findRowModel(model, clusterers);
  const schema = factory.definition.options;
  const given = optionsFromTexts(schema, modelOptionTexts);
  const name = ['nClusters', 'distanceThreshold'].find((option) => option in given);
  if (name !== undefined && clusters !== undefined) {
    throw new OptionError(
      'option/conflict',
      `The number of clusters is given as ${clusters}; leave it or ${name} out.`,
      { option: name },
    );
  }
  return factory.from({
    ...(Object.hasOwn(schema.shape, 'randomState') && { randomState: seed }),
    ...(Object.hasOwn(schema.shape, 'nInit') && { nInit: STARTS }),
    ...(typeof clusters === 'number' && { nClusters: clusters }),
    ...given,
  }) as ClustererSpecification;
}

const clusterers: WantedModel = {
  suits: ({ definition }) =>
    definition.kind === 'clusterer' && Object.hasOwn(definition.options.shape, 'nClusters'),
  does: 'make clusters',
  doesNot: 'makes no clusters',
};
