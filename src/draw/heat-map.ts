import { axisX, axisY, cell, text } from '@observablehq/plot';
import { type ChartOptions, DEFAULT_WIDTH } from './chart-options.ts';
import { fitText, textWidth } from './chart-text.ts';
import { labelMargin } from './label-margin.ts';
import { plotToSvg } from './plot-to-svg.ts';
import { accent, fontSize } from './theme.ts';

export interface HeatMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Rows × columns, 0 (empty) to 1 (full colour). */
  readonly shares: readonly (readonly number[])[];
  /** What stands in the cells, in lines; left out where a cell is too small for it. */
  readonly texts?: readonly (readonly string[])[] | undefined;
}

export interface HeatMapOptions extends ChartOptions {
  readonly rowLabel: string;
  readonly columnLabel: string;
}

/** The darkest cell: text in the page's colour still stands out from it. */
const FULL_OPACITY = 0.6;
const LINE = 15;
const RIGHT = 12;
/** Radians. */
const SLANT = Math.PI / 3;
const LONGEST_SLANTED = 84;

/** A table as colours, e.g. a confusion matrix. */
export function heatMap(
  { rows, columns, shares, texts }: HeatMap,
  { rowLabel, columnLabel, ...chart }: HeatMapOptions,
): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const { margin, shown } = labelMargin([...rows, rowLabel], width, 0.3);
  const widest = columns.reduce((most, label) => Math.max(most, textWidth(label.slice(0, 200))), 0);
  const level = layoutOf(width - margin - RIGHT, columns.length);
  // Labels that do not fit above their columns stand aslant.
  const isSlanted = widest > level.cellWidth - 2 && columns.length > 1;
  const slant = isSlanted ? Math.min(widest, LONGEST_SLANTED) : 0;
  const right = isSlanted ? Math.max(RIGHT, slant * Math.cos(SLANT) + 4) : RIGHT;
  const { cellWidth, cellHeight } = isSlanted ? layoutOf(width - margin - right, columns.length) : level;
  const top = isSlanted ? 42 + slant * Math.sin(SLANT) : 50;
  const letters = cellWidth < 44 ? 10 : fontSize;
  const cells = shares.flatMap((row, i) =>
    row.map((share, j) => ({ i, j, share, lines: texts?.[i]?.[j]?.split('\n') ?? [] })),
  );
  const fitting = cells.map((one) => {
    const lines = one.lines.slice(0, Math.floor(cellHeight / LINE));
    const isTooWide = lines.some((line) => textWidth(line, letters) > cellWidth - 3);
    return { ...one, lines: isTooWide ? [] : lines };
  });
  return plotToSvg({
    height: top + 12 + cellHeight * rows.length,
    ...chart,
    marginLeft: margin,
    marginTop: top,
    marginRight: right,
    marginBottom: 12,
    x: { domain: columns.map((_, j) => j), label: null, padding: 0.03 },
    y: { domain: rows.map((_, i) => i), label: null, padding: 0.03 },
    marks: [
      axisX({
        anchor: 'top',
        tickSize: 0,
        tickFormat: (j: number) => fitText(columns[j]!, isSlanted ? LONGEST_SLANTED : cellWidth - 2),
        ...(isSlanted && { tickRotate: (-SLANT * 180) / Math.PI, textAnchor: 'start', dx: 4 }),
        label: null,
      }),
      axisY({ tickSize: 0, tickFormat: (i: number) => shown(rows[i]!), label: null }),
      text([columnLabel], { frameAnchor: 'top', dy: 14 - top, fontWeight: 600 }),
      text([rowLabel], { frameAnchor: 'top-left', dx: -6, dy: -15, textAnchor: 'end', fontWeight: 600 }),
      cell(cells, {
        ...{ x: 'j', y: 'i', fill: accent, rx: 3 },
        fillOpacity: ({ share }: { share: number }) => 0.04 + (FULL_OPACITY - 0.04) * share,
        title: ({ i, j, lines }: (typeof cells)[number]) =>
          `${rowLabel} ${rows[i]}, ${columnLabel.toLowerCase()} ${columns[j]}: ${lines.join(', ')}`,
      }),
      text(fitting, {
        x: 'j',
        y: 'i',
        text: ({ lines }: (typeof cells)[number]) => lines.join('\n'),
        lineHeight: 1.25,
        fontSize: letters,
      }),
    ],
    opacity: { type: 'identity' },
  });
}

function layoutOf(
  room: number,
  columns: number,
): { readonly cellWidth: number; readonly cellHeight: number } {
  const cellWidth = room / Math.max(1, columns);
  return { cellWidth, cellHeight: Math.min(72, Math.max(24, cellWidth * 0.62)) };
}
