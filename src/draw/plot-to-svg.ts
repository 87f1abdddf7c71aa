import { createHash } from 'node:crypto';
import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type ChartOptions, DEFAULT_WIDTH, type LegendEntry } from './chart-options.ts';
import { textWidth } from './chart-text.ts';
import { chartStyle, fontFamily, fontSize } from './theme.ts';

export interface SvgOptions extends ChartOptions, Omit<PlotOptions, 'title' | 'width' | 'height' | 'figure'> {
  /** Drawn above the plot, in as many lines as it needs. */
  readonly legend?: readonly LegendEntry[] | undefined;
}

const LEGEND_LINE = 20;
const SYMBOL_WIDTH = 18;
const ID_MARK = 'id-of-picture';

/** The few parts of the DOM that are used here; the library of types for browsers is not loaded. */
interface SvgElement {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; value: string }>;
  readonly children: Iterable<SvgElement>;
  readonly firstChild: unknown;
  textContent: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  append(...nodes: unknown[]): void;
  insertBefore(node: unknown, before: unknown): void;
  querySelector(selector: string): { remove(): void } | null;
  toString(): string;
}

/**
 * Draws Observable Plot's `options` without a browser: an SVG that stands alone and can also be put into a page. The same options
 * give the same bytes. Texts are escaped; nothing is loaded from elsewhere; colours follow the page (`theme.ts`).
 */
export function plotToSvg({ title, description, legend = [], ...options }: SvgOptions): string {
  const width = options.width ?? DEFAULT_WIDTH;
  const marginLeft = options.marginLeft ?? 48;
  const entries = placeLegend(legend, marginLeft, width);
  const { document } = parseHTML('<!doctype html><html></html>');
  const drawn = { ...options, document, width, marginLeft, className: 'heddle-chart' };
  const svg = plot(drawn as unknown as PlotOptions) as unknown as SvgElement;
  const make = (name: string, attributes: Readonly<Record<string, string | number>>, text?: string) =>
    element(document as unknown as ElementMaker, name, attributes, text);

  svg.querySelector('style')?.remove();
  const head = [
    make('title', {}, title),
    ...(description === undefined ? [] : [make('desc', {}, description)]),
    make('style', {}, chartStyle),
  ];
  for (const node of head.reverse()) svg.insertBefore(node, svg.firstChild);
  if (entries.length > 0) {
    // Plot knows nothing of the legend: it stands above the plot's own frame.
    const above = LEGEND_LINE * (entries.at(-1)!.line + 1) + 4;
    const height = Number(svg.getAttribute('height')) + above;
    svg.setAttribute('height', String(height));
    svg.setAttribute('viewBox', `0 ${-above} ${width} ${height}`);
    for (const entry of entries) svg.append(...legendNodes(make, entry, above));
  }
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  svg.setAttribute('font-family', fontFamily);
  svg.setAttribute('font-size', String(fontSize));
  const ids = new Map<string, string>();
  tidy(svg, ids);
  const text = withoutControls(svg.toString());
  if (ids.size === 0) return text;
  // Several pictures share a page: ids that depend on the content are the same only where what they name is.
  return text.replaceAll(ID_MARK, createHash('sha256').update(text).digest('hex').slice(0, 8));
}

interface ElementMaker {
  createElementNS(space: string, name: string): SvgElement;
}

function element(
  document: ElementMaker,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SvgElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

interface PlacedEntry extends LegendEntry {
  readonly x: number;
  readonly line: number;
}

function placeLegend(legend: readonly LegendEntry[], marginLeft: number, width: number): PlacedEntry[] {
  let x = marginLeft;
  let line = 0;
  return legend.map((entry) => {
    const needed = SYMBOL_WIDTH + 6 + textWidth(entry.label);
    if (x > marginLeft && x + needed > width) {
      x = marginLeft;
      line++;
    }
    const placed = { ...entry, x, line };
    x += needed + 16;
    return placed;
  });
}

function legendNodes(
  make: (name: string, attributes: Readonly<Record<string, string | number>>, text?: string) => SvgElement,
  { label, color, symbol = 'line', x, line }: PlacedEntry,
  above: number,
): SvgElement[] {
  const y = LEGEND_LINE * (line + 0.5) - above;
  const mark =
    symbol === 'dot'
      ? make('circle', { cx: x + SYMBOL_WIDTH / 2, cy: y, r: 4, fill: color })
      : make('path', {
          d: `M${x},${y}h${SYMBOL_WIDTH}`,
          stroke: color,
          'stroke-width': 2,
          fill: 'none',
          ...(symbol === 'dashes' && { 'stroke-dasharray': '4 3' }),
        });
  return [mark, make('text', { x: x + SYMBOL_WIDTH + 6, y, dy: '0.35em', 'text-anchor': 'start' }, label)];
}

const geometry = new Set(
  'd transform x y x1 x2 y1 y2 cx cy r rx ry width height points opacity fill-opacity'.split(' '),
);

/**
 * Rounds coordinates to hundredths of a pixel, drops the labels of groups (the picture is read aloud as a whole) and gives
 * clip paths, which are numbered through the life of the process, ids of this picture.
 */
function tidy(node: SvgElement, ids: Map<string, string>): void {
  for (const attribute of [...node.attributes]) {
    const { name, value } = attribute;
    if (geometry.has(name)) {
      attribute.value = value.replace(/-?\d*\.\d{3,}(?:e-?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      );
    } else if (name === 'id') {
      attribute.value = idFor(value, ids);
    } else if (name === 'clip-path') {
      attribute.value = value.replace(/#([\w-]+)/, (_, id: string) => `#${idFor(id, ids)}`);
    } else if ((name === 'aria-label' || name === 'aria-hidden') && node.tagName.toLowerCase() !== 'svg') {
      node.removeAttribute(name);
    }
  }
  for (const child of node.children) tidy(child, ids);
}

function idFor(found: string, ids: Map<string, string>): string {
  if (!ids.has(found)) ids.set(found, `clip-${ID_MARK}-${ids.size + 1}`);
  return ids.get(found)!;
}

/** XML has no control characters and no lone surrogates, not even escaped. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
