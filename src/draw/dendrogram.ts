import { axisX, axisY, gridX, gridY, line, type Markish, ruleX, ruleY, text } from '@observablehq/plot';
import { DataError, OptionError } from '../core/errors.ts';
import type { Matrix } from '../core/matrix.ts';
import { treeOfLinkage } from '../math/hierarchical/linkage-matrix.ts';
import { mergeSizes } from '../math/hierarchical/merge-tree.ts';
import { type ChartOptions, DEFAULT_WIDTH } from './chart-options.ts';
import { fitText, textWidth, tickText } from './chart-text.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { seriesColor } from './theme.ts';

export interface DendrogramOptions extends Partial<ChartOptions> {
  /** A name for each row; default: its number. */
  readonly labels?: readonly string[] | undefined;
  /** Clusters that get a colour each, with a line where the tree is cut. */
  readonly nClusters?: number | undefined;
  /** Cut at this distance, instead of nClusters. Default for the colours alone: 0.7 times the largest. */
  readonly distance?: number | undefined;
  /** Branches shown at most; what merged before is one branch with its number of rows in brackets. Default 60. */
  readonly mostBranches?: number | undefined;
  /** Side of the root. Default `top`. */
  readonly orientation?: 'top' | 'left' | undefined;
  /** Default `distance`. */
  readonly distanceLabel?: string | undefined;
}

const MOST_LABEL_WIDTH = 140;

/** One merge as a bracket: from the first node up to its distance and down to the second. */
interface Bracket {
  readonly node: number;
  readonly color: string;
  readonly title: string;
  /** (place, height) of its four corners. */
  readonly corners: readonly (readonly [place: number, height: number])[];
}

/**
 * The tree of merges of a linkage matrix as SVG: every merge is a bracket at its distance, clusters below the cut have colours of their own.
 * @throws DataError for a matrix that is no linkage, or labels of another number than rows; OptionError for two cuts.
 */
export function dendrogram(linkage: Matrix, options: DendrogramOptions = {}): string {
  const { labels, mostBranches = 60, orientation = 'top', distanceLabel = 'distance' } = options;
  const tree = treeOfLinkage(linkage);
  const { leaves, distances } = tree;
  requireFit(leaves, options);
  const merges = distances.length;
  const isTop = orientation === 'top';
  const shown = Math.max(1, Math.min(leaves, Math.max(2, Math.floor(mostBranches))));
  const cut = cutOf(distances, options);
  const { places, order } = placeNodes(tree, merges - (shown - 1));
  const sizes = mergeSizes(tree);
  const names = order.map((node) =>
    node < leaves ? (labels?.[node] ?? String(node)) : `(${sizes[node - leaves]})`,
  );
  const size = isTop
    ? { width: options.width ?? Math.max(DEFAULT_WIDTH, 15 * shown + 70), height: options.height ?? 340 }
    : { width: options.width ?? DEFAULT_WIDTH, height: options.height ?? Math.max(160, 17 * shown + 60) };
  const texts = names.map((name) => fitText(name, MOST_LABEL_WIDTH));
  const longest = Math.ceil(Math.max(12, ...texts.map((name) => textWidth(name)))) + 10;
  // Names lie across where they would run into each other.
  const turned = isTop && longest - 10 > (size.width - 70) / shown;
  const brackets = bracketsOf(tree, sizes, places, { from: merges - (shown - 1), cut: cut.value });
  const highest = Math.max(...distances, 0) || 1;
  const place = { domain: [-0.6, shown - 0.4], label: null };
  const distance = { domain: isTop ? [0, highest * 1.04] : [highest * 1.04, 0], label: distanceLabel };
  return plotToSvg({
    title: options.title ?? `Tree of ${leaves} rows`,
    description: options.description,
    ...size,
    ...(isTop
      ? { marginBottom: turned ? longest + 4 : 26, marginLeft: 56 }
      : { marginRight: longest, marginBottom: 40, marginLeft: 16 }),
    x: isTop ? { ...place, axis: null } : distance,
    y: isTop ? distance : { ...place, axis: null, reverse: true },
    marks: [
      ...axes(isTop),
      ...brackets.map((bracket) => bracketMark(bracket, isTop)),
      ...cutMarks(cut, isTop),
      text(texts, {
        ...(isTop ? { x: (_: string, i: number) => i, y: 0 } : { y: (_: string, i: number) => i, x: 0 }),
        text: (name: string) => name,
        title: (name: string, i: number) => (name === names[i] ? undefined : names[i]),
        ...(isTop
          ? { dy: 8, lineAnchor: turned ? 'middle' : 'top', textAnchor: turned ? 'end' : 'middle' }
          : { dx: 8, textAnchor: 'start' }),
        ...(turned && { rotate: -90 }),
      }),
    ],
  });
}

function requireFit(leaves: number, { labels, nClusters, distance }: DendrogramOptions): void {
  if (labels !== undefined && labels.length !== leaves) {
    throw new DataError(
      'data/length-mismatch',
      `There are ${labels.length} labels for a tree of ${leaves} rows; give one for each row.`,
      { labels: labels.length, rows: leaves },
    );
  }
  if (nClusters !== undefined && distance !== undefined) {
    throw new OptionError(
      'option/conflict',
      'dendrogram: nClusters and distance both say where to cut; give one of them.',
      {
        option: 'distance',
      },
    );
  }
  if (nClusters !== undefined && !(Number.isInteger(nClusters) && nClusters >= 1 && nClusters <= leaves)) {
    throw new OptionError(
      'option/invalid',
      `dendrogram: nClusters must be a whole number from 1 to ${leaves}, not ${nClusters}.`,
      { option: 'nClusters' },
    );
  }
}

interface Cut {
  /** Merges below it have the colour of their cluster. */
  readonly value: number;
  /** Whether somebody asked for it, so that it is drawn. */
  readonly isDrawn: boolean;
}

function cutOf(distances: Float64Array, { nClusters, distance }: DendrogramOptions): Cut {
  const sorted = Float64Array.from(distances).sort();
  const most = sorted.at(-1) ?? 0;
  if (distance !== undefined) return { value: distance, isDrawn: true };
  if (nClusters === undefined) return { value: 0.7 * most, isDrawn: false };
  const undone = sorted[sorted.length - nClusters + 1] ?? most * 1.04;
  const last = sorted[sorted.length - nClusters] ?? 0;
  return { value: (undone + last) / 2, isDrawn: true };
}

/** Place of every node that is drawn, branches in the order of the rows, and the nodes at the tips. */
function placeNodes(
  { leaves, children }: ReturnType<typeof treeOfLinkage>,
  hidden: number,
): { readonly places: Map<number, number>; readonly order: number[] } {
  const order: number[] = [];
  const places = new Map<number, number>();
  const stack = [leaves + children.length / 2 - 1];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node < leaves + hidden) {
      places.set(node, order.length);
      order.push(node);
    } else stack.push(children[2 * (node - leaves) + 1]!, children[2 * (node - leaves)]!);
  }
  for (let k = hidden; k < children.length / 2; k++) {
    places.set(leaves + k, (places.get(children[2 * k]!)! + places.get(children[2 * k + 1]!)!) / 2);
  }
  return { places, order };
}

function bracketsOf(
  { leaves, children, distances }: ReturnType<typeof treeOfLinkage>,
  sizes: Int32Array,
  places: ReadonlyMap<number, number>,
  { from, cut }: { readonly from: number; readonly cut: number },
): Bracket[] {
  const brackets: Bracket[] = [];
  const colors = new Map<number, string>();
  let clusters = 0;
  // From the root down: a merge below the cut gives its colour to what it merged.
  for (let k = distances.length - 1; k >= from; k--) {
    const node = leaves + k;
    const isBelow = distances[k]! < cut;
    const color = colors.get(node) ?? (isBelow ? seriesColor(clusters++) : undefined);
    const ends = [children[2 * k]!, children[2 * k + 1]!];
    if (color !== undefined) for (const child of ends) colors.set(child, color);
    const [a, b] = ends.map((child) => ({
      place: places.get(child)!,
      height: child >= leaves + from ? distances[child - leaves]! : 0,
    })) as [{ place: number; height: number }, { place: number; height: number }];
    brackets.push({
      node,
      color: color ?? 'currentColor',
      title: `${sizes[k]} rows at ${tickText(distances[k]!)}`,
      corners: [
        [a.place, a.height],
        [a.place, distances[k]!],
        [b.place, distances[k]!],
        [b.place, b.height],
      ],
    });
  }
  return brackets.reverse();
}

function axes(isTop: boolean): Markish[] {
  const axis = { ticks: 5, tickSize: 0, tickFormat: tickText };
  return isTop ? [gridY({ ticks: 5 }), axisY(axis)] : [gridX({ ticks: 5 }), axisX(axis)];
}

function bracketMark({ corners, color, title }: Bracket, isTop: boolean): Markish {
  const [place, height] = [
    (corner: readonly [number, number]) => corner[0],
    (corner: readonly [number, number]) => corner[1],
  ];
  return line(corners, {
    ...(isTop ? { x: place, y: height } : { y: place, x: height }),
    stroke: color,
    strokeWidth: 1.6,
    strokeLinejoin: 'miter',
    title: () => title,
  });
}

function cutMarks({ value, isDrawn }: Cut, isTop: boolean): Markish[] {
  if (!isDrawn) return [];
  const rule = { stroke: 'currentColor', strokeOpacity: 0.6, strokeDasharray: '4 3' };
  return [isTop ? ruleY([value], rule) : ruleX([value], rule)];
}
