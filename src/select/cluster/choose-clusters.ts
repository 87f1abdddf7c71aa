import { DataError, OptionError } from '../../core/errors.ts';
import { Matrix } from '../../core/matrix.ts';
import { type TableLike, toMatrix, toSharedTable } from '../../core/table.ts';
import type { ClustererSpecification, FittedClusterer } from '../../define/define-clusterer.ts';
import type { JobOptions } from '../../jobs/job.ts';
import { cutTree } from '../../math/hierarchical/cut-tree.ts';
import { treeOfLinkage } from '../../math/hierarchical/linkage-matrix.ts';
import { withOptions } from '../search/option-paths.ts';
import { drawCandidates, reasonFor, tableOf } from './candidate-text.ts';
import { type ClusterScores, clusterScores } from './cluster-scores.ts';

export interface ChooseClustersOptions extends JobOptions {
  /** A clusterer with an option nClusters. Default: kMeans, the best of 10 starts, since a poor one would make its number look poor. */
  readonly model?: ClustererSpecification | undefined;
  /** Numbers of clusters to try, from … to. Default 2 … 10. */
  readonly range?: readonly [from: number, to: number] | undefined;
  /** Numbers of clusters to try, instead of a range. */
  readonly values?: readonly number[] | undefined;
  /** Rows drawn for the silhouette. Default 4,000. */
  readonly sampleSize?: number | undefined;
  /** Seed of the draw. Default 0. */
  readonly randomState?: number | null | undefined;
}

/** One number of clusters that was tried. */
export interface ClusterCandidate extends ClusterScores {
  readonly k: number;
  /** Rows of the smallest cluster. */
  readonly smallest: number;
}

export interface ClusterChoice {
  readonly recommended: number;
  /** Why, in a sentence or two. */
  readonly reason: string;
  readonly candidates: readonly ClusterCandidate[];
  /** The number that each score is for; undefined where the score is not defined for any. */
  readonly best: {
    readonly silhouette: number | undefined;
    readonly daviesBouldin: number | undefined;
    readonly calinskiHarabasz: number | undefined;
    /** The knee of the inertia: where it lies farthest below the line from its first to its last value. */
    readonly elbow: number | undefined;
  };
  /** Labels of the recommended number. */
  readonly labels: Int32Array;
  /** The whole tree, of models that make one. */
  readonly linkageMatrix: Matrix | undefined;
  /** The candidates as lines of text. */
  readonly table: string;
  /** The silhouette (or the inertia) over k as SVG. */
  draw(score?: 'silhouette' | 'inertia' | 'daviesBouldin' | 'calinskiHarabasz'): Promise<string>;
}

/**
 * Tries several numbers of clusters and recommends the one with the highest mean silhouette; says what Davies–Bouldin, Caliński–Harabasz and the elbow of the
 * inertia would have chosen. A model that makes a tree (agglomerative) is fitted once and cut.
 * @throws OptionError for a model without nClusters or an unfit range; DataError for fewer than three rows.
 */
export async function chooseClusters(
  x: TableLike,
  { model, range = [2, 10], values, sampleSize, randomState, ...job }: ChooseClustersOptions = {},
): Promise<ClusterChoice> {
  const table = toMatrix(await toSharedTable(x));
  const specification = model ?? (await defaultModel());
  if (!Object.hasOwn(specification.definition.options.shape, 'nClusters')) {
    throw new OptionError(
      'option/invalid',
      `chooseClusters needs a clusterer with an option nClusters, which ${specification.name} does not have.`,
      { option: 'model' },
    );
  }
  const numbers = numbersToTry(values ?? span(range), table.rows);
  const labelsFor = await labeller(table, specification, numbers[0]!, job);
  const candidates: ClusterCandidate[] = [];
  const labelled = new Map<number, Int32Array>();
  for (const [step, k] of numbers.entries()) {
    const labels = await labelsFor.of(k);
    const scores = await clusterScores(table, labels, { sampleSize, randomState, signal: job.signal });
    candidates.push({ k, smallest: smallestOf(labels), ...scores });
    labelled.set(k, labels);
    job.onProgress?.({ fraction: (step + 1) / numbers.length, message: `${k} clusters` });
  }
  const best = {
    silhouette: extreme(candidates, 'silhouette', 1),
    daviesBouldin: extreme(candidates, 'daviesBouldin', -1),
    calinskiHarabasz: extreme(candidates, 'calinskiHarabasz', 1),
    elbow: elbowOf(candidates),
  };
  const recommended = best.silhouette ?? best.elbow ?? numbers[0]!;
  return {
    recommended,
    reason: reasonFor(candidates, best),
    candidates,
    best,
    labels: labelled.get(recommended)!,
    linkageMatrix: labelsFor.tree,
    table: tableOf(candidates, recommended),
    draw: (score = 'silhouette') => drawCandidates(candidates, recommended, score),
  };
}

async function defaultModel(): Promise<ClustererSpecification> {
  const { kMeans } = await import('../../models/k-means/k-means.ts');
  return kMeans({ nInit: 10 });
}

function span([from, to]: readonly [number, number]): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function numbersToTry(given: readonly number[], rows: number): number[] {
  const fail = (message: string): never => {
    throw new OptionError('option/invalid', `chooseClusters: option 'range' ${message}`, { option: 'range' });
  };
  if (rows < 3) {
    throw new DataError(
      'data/too-few-rows',
      `Clusters cannot be compared on ${rows} rows; at least 3 are needed.`,
      {
        rows,
      },
    );
  }
  const wanted = [...new Set(given)].sort((a, b) => a - b);
  if (wanted.length === 0) fail('is empty; give from and to, e.g. [2, 10].');
  const bad = wanted.find((k) => !Number.isInteger(k) || k < 2);
  if (bad !== undefined) fail(`holds ${bad}; numbers of clusters are whole numbers from 2 on.`);
  // Scores compare clusters of rows: with as many clusters as rows there is nothing to compare.
  const possible = wanted.filter((k) => k < rows);
  if (possible.length === 0)
    fail(`begins at ${wanted[0]}, but ${rows} rows make at most ${rows - 1} clusters.`);
  return possible;
}

interface Labeller {
  of(k: number): Promise<Int32Array>;
  readonly tree: Matrix | undefined;
}

async function labeller(
  x: Matrix,
  specification: ClustererSpecification,
  first: number,
  { onProgress: _, ...job }: JobOptions,
): Promise<Labeller> {
  const fit = (k: number) => withOptions(specification, { nClusters: k }).fit(x, job);
  const model: FittedClusterer<{ readonly linkageMatrix?: unknown }> = await fit(first);
  const matrix = model.linkageMatrix;
  if (matrix instanceof Matrix) {
    const tree = treeOfLinkage(matrix);
    return { of: async (k) => cutTree(tree, k), tree: matrix };
  }
  return { of: async (k) => (k === first ? model.labels : (await fit(k)).labels), tree: undefined };
}

function smallestOf(labels: Int32Array): number {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return Math.min(...sizes.values());
}

/** The first number of clusters with the largest (`sign` 1) or smallest (−1) score. */
function extreme(
  candidates: readonly ClusterCandidate[],
  score: 'silhouette' | 'daviesBouldin' | 'calinskiHarabasz',
  sign: 1 | -1,
): number | undefined {
  let best: ClusterCandidate | undefined;
  for (const candidate of candidates) {
    const value = candidate[score];
    if (value === null) continue;
    if (best === undefined || sign * value > sign * best[score]!) best = candidate;
  }
  return best?.k;
}

/**
 * With k and inertia both scaled to 0 … 1, the point farthest below the line from the first to the last (V. Satopää et al., "Finding a 'kneedle' in a
 * haystack", 2011); undefined for fewer than three numbers or where no point lies below it.
 */
function elbowOf(candidates: readonly ClusterCandidate[]): number | undefined {
  const [first, last] = [candidates[0]!, candidates.at(-1)!];
  const fall = first.inertia - last.inertia;
  if (candidates.length < 3 || !(fall > 0)) return undefined;
  let most = 0;
  let knee: number | undefined;
  for (const { k, inertia } of candidates) {
    const below = 1 - (k - first.k) / (last.k - first.k) - (inertia - last.inertia) / fall;
    if (below > most + 1e-12) [most, knee] = [below, k];
  }
  return knee;
}
