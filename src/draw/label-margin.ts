import { fitText, textWidth } from './chart-text.ts';

const LEAST = 40;

/** Room for the labels left of the rows of a chart: what they need, at most `share` of the width; longer ones are cut. */
export function labelMargin(
  labels: readonly string[],
  width: number,
  share = width < 400 ? 0.46 : 0.38,
): { readonly margin: number; readonly shown: (label: string) => string } {
  const most = Math.floor(width * share);
  const needed = labels.reduce((widest, label) => Math.max(widest, textWidth(label.slice(0, 200))), 0);
  const margin = Math.min(most, Math.max(LEAST, Math.ceil(needed) + 12));
  return { margin, shown: (label) => fitText(label, margin - 12) };
}
