import { link, type Markish, rect, text } from '@observablehq/plot';
import type { ChartOptions, LegendEntry } from './chart-options.ts';
import { fitText, textWidth } from './chart-text.ts';
import { plotToSvg } from './plot-to-svg.ts';

export interface DiagramNode {
  /** Lines of its box, the first in bold. */
  readonly lines: readonly string[];
  /** A colour of the theme, and 0 (empty) … 1 (full). */
  readonly color: string;
  readonly share: number;
  /** More than the box says, for the pointer. */
  readonly title?: string | undefined;
  readonly children?: readonly DiagramNode[] | undefined;
  /** On the line from its parent. */
  readonly edge?: string | undefined;
}

export interface TreeDiagramOptions extends Partial<ChartOptions> {
  readonly legend?: readonly LegendEntry[] | undefined;
}

const LINE = 15;
const PADDING = 8;
const GAP = 14;
const LEVEL_GAP = 40;
const MOST_LINE_WIDTH = 180;
/** Text in the page's colour still stands out from the fullest box. */
const FULL_OPACITY = 0.5;

interface Box extends DiagramNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly parent: Box | undefined;
}

/** A tree with a box for each node, the root on top and every parent over the middle of its children. */
export function treeDiagram(root: DiagramNode, options: TreeDiagramOptions = {}): string {
  const { boxes, width, height } = placeBoxes(root);
  const edges = boxes.filter(({ parent }) => parent !== undefined) as Edge[];
  const lines = boxes.flatMap((box) =>
    box.lines.map((line, i) => ({
      ...{ x: box.x, y: box.y + PADDING + LINE * (i + 0.5), bold: i === 0 },
      line: fitText(line, MOST_LINE_WIDTH),
    })),
  );
  const ofWeight = (bold: boolean) =>
    text(
      lines.filter((one) => one.bold === bold),
      { x: 'x', y: 'y', text: 'line', fontWeight: bold ? 600 : 400 },
    );
  return plotToSvg({
    title: options.title ?? 'Decision tree',
    description: options.description,
    ...{ width: options.width ?? width, height: options.height ?? height, legend: options.legend },
    ...{ marginLeft: 0, marginRight: 0, marginTop: 0, marginBottom: 0 },
    x: { domain: [0, width], range: [0, options.width ?? width], axis: null },
    y: { domain: [0, height], range: [0, options.height ?? height], axis: null },
    opacity: { type: 'identity' },
    color: { type: 'identity' },
    marks: [
      link(edges, {
        ...{ x1: ({ parent }: Edge) => parent.x, x2: 'x', y2: 'y' },
        y1: ({ parent }: Edge) => parent.y + parent.height,
        ...{ strokeOpacity: 0.5, strokeWidth: 1.2 },
      }),
      rect(boxes, {
        ...{ x1: ({ x, width }: Box) => x - width / 2, x2: ({ x, width }: Box) => x + width / 2 },
        ...{ y1: 'y', y2: ({ y, height }: Box) => y + height, rx: 5 },
        ...{ fill: 'color', fillOpacity: ({ share }: Box) => 0.06 + (FULL_OPACITY - 0.06) * share },
        ...{ stroke: 'color', strokeWidth: 1.2 },
        title: ({ title, lines }: Box) => title ?? lines.join(', '),
      }),
      ofWeight(true),
      ofWeight(false),
      edgeText(edges, 'end'),
      edgeText(edges, 'start'),
    ],
  });
}

type Edge = Box & { readonly parent: Box };

/** Beside the lines that lead to the left (anchor `end`) or to the right. */
function edgeText(edges: readonly Edge[], anchor: 'start' | 'end'): Markish {
  return text(
    edges.filter(({ x, parent }) => x < parent.x === (anchor === 'end')),
    {
      x: ({ x, parent }: Edge) => (x + parent.x) / 2,
      y: ({ y, parent }: Edge) => (y + parent.y + parent.height) / 2,
      ...{ text: 'edge', fontSize: 11, fillOpacity: 0.85, textAnchor: anchor, dx: anchor === 'end' ? -7 : 7 },
    },
  );
}

function placeBoxes(root: DiagramNode): {
  readonly boxes: Box[];
  readonly width: number;
  readonly height: number;
} {
  const levels: number[] = [];
  const measure = (node: DiagramNode, level: number): void => {
    levels[level] = Math.max(levels[level] ?? 0, 2 * PADDING + LINE * node.lines.length);
    for (const child of node.children ?? []) measure(child, level + 1);
  };
  measure(root, 0);
  const tops = levels.map(
    (_, i) => 4 + levels.slice(0, i).reduce((sum, height) => sum + height + LEVEL_GAP, 0),
  );
  const widthOf = ({ lines }: DiagramNode) =>
    2 * PADDING + Math.max(24, ...lines.map((line) => textWidth(fitText(line, MOST_LINE_WIDTH))));

  // Widths first, then places: a subtree is as wide as its box or its children, whatever is more.
  const spans = new Map<DiagramNode, number>();
  const span = (node: DiagramNode): number => {
    const below = (node.children ?? []).map(span).reduce((sum, one) => sum + one + GAP, -GAP);
    const own = Math.max(widthOf(node), below);
    spans.set(node, own);
    return own;
  };
  const boxes: Box[] = [];
  const place = (node: DiagramNode, level: number, from: number, parent: Box | undefined): void => {
    const own = spans.get(node)!;
    const children = node.children ?? [];
    const below = children.reduce((sum, child) => sum + spans.get(child)! + GAP, -GAP);
    const height = 2 * PADDING + LINE * node.lines.length;
    const box: Box = { ...node, x: from + own / 2, y: tops[level]!, width: widthOf(node), height, parent };
    boxes.push(box);
    let at = from + (own - Math.max(0, below)) / 2;
    for (const child of children) {
      place(child, level + 1, at, box);
      at += spans.get(child)! + GAP;
    }
  };
  const width = Math.ceil(span(root)) + 8;
  place(root, 0, 4, undefined);
  return { boxes, width, height: tops.at(-1)! + levels.at(-1)! + 4 };
}
