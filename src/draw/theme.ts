/**
 * The colours and letters of every chart. Text and axes take `currentColor`, so that they follow the page; the other colours are
 * CSS variables whose fallbacks have a contrast of at least 3 : 1 on white and on near-black alike.
 */

/** The one colour of a chart with one series. */
export const accent = 'var(--chart-1, #3d7dd8)';
/** What is only for comparison: a baseline, a count in the background. */
export const muted = 'var(--chart-muted, #858b94)';

const series = [
  accent,
  'var(--chart-2, #d0741d)',
  'var(--chart-3, #1d9a83)',
  'var(--chart-4, #9268cf)',
  'var(--chart-5, #d14d72)',
  'var(--chart-6, #83862c)',
];

/** How many series have a colour of their own. */
export const seriesColors = series.length;

export function seriesColor(index: number): string {
  return series[index % series.length]!;
}

/** Fonts of the system, with Chinese ones after the Latin. */
export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", "Hiragino Sans GB", ' +
  '"Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif';

/** Pixels. */
export const fontSize = 12;

/** The style element of every chart: always the same text, so that a page can allow it by its hash. */
export const chartStyle =
  `.heddle-chart{display:block;max-width:100%;height:auto;font-family:${fontFamily};font-size:${fontSize}px;` +
  'font-variant-numeric:tabular-nums}.heddle-chart text{white-space:pre}';
