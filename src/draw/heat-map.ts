import { axisX, axisY, cell, text } from '@observablehq/plot';
import { fitText, textWidth } from './chart-text.ts';
import { labelMargin } from './label-margin.ts';
import { type ChartOptions, DEFAULT_WIDTH, plotToSvg } from './plot-to-svg.ts';
import { accent } from './theme.ts';

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

/** A table as colours, e.g. a confusion matrix. */
export function heatMap(
  { rows, columns, shares, texts }: HeatMap,
  { rowLabel, columnLabel, ...chart }: HeatMapOptions,
): string {
  const width = chart.width ?? DEFAULT_WIDTH;
  const { margin, shown } = labelMargin([...rows, rowLabel], width, 0.3);
  const cellWidth = (width - margin - 12) / Math.max(1, columns.length);
  const cellHeight = Math.min(72, Math.max(24, cellWidth * 0.62));
  const cells = shares.flatMap((row, i) =>
    row.map((share, j) => ({ i, j, share, lines: texts?.[i]?.[j]?.split('\n') ?? [] })),
  );
  const fitting = cells
    .map((one) => ({ ...one, lines: one.lines.filter((line) => textWidth(line) <= cellWidth - 4) }))
    .map((one) => ({ ...one, lines: one.lines.slice(0, Math.floor(cellHeight / LINE)) }));
  return plotToSvg({
    height: 62 + cellHeight * rows.length,
    ...chart,
    marginLeft: margin,
    marginTop: 50,
    marginRight: 12,
    marginBottom: 12,
    x: { domain: columns.map((_, j) => j), label: null, padding: 0.03 },
    y: { domain: rows.map((_, i) => i), label: null, padding: 0.03 },
    marks: [
      axisX({
        anchor: 'top',
        tickSize: 0,
        tickFormat: (j: number) => fitText(columns[j]!, cellWidth - 2),
        label: null,
      }),
      axisY({ tickSize: 0, tickFormat: (i: number) => shown(rows[i]!), label: null }),
      text([columnLabel], { frameAnchor: 'top', dy: -36, fontWeight: 600 }),
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
      }),
    ],
    opacity: { type: 'identity' },
  });
}
