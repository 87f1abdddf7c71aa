import type { Scorer } from '../../metrics/registry.ts';
import type { Comparison } from './compare-models.ts';
import type { RetrainSettings } from './retrain-options.ts';

export interface Verdict {
  readonly isBetter: boolean;
  readonly reason: string;
}

/** Whether the challenger is better by the margin, and why, with the figures. A figure that does not exist is no improvement. */
export function decide(
  comparison: Comparison,
  {
    scorer,
    settings: { margin, criterion },
    champion,
  }: {
    readonly scorer: Pick<Scorer, 'name'>;
    readonly settings: Pick<RetrainSettings, 'margin' | 'criterion'>;
    readonly champion: number;
  },
): Verdict {
  const { gain, interval, rows } = comparison;
  const judged = criterion === 'interval' ? (interval?.[0] ?? Number.NaN) : gain;
  const isBetter = judged > margin;
  const figures = `${scorer.name} ${short(comparison.challenger)} against ${short(comparison.champion)} of version ${champion}`;
  const range =
    interval === null ? 'no interval' : `95% interval ${short(interval[0])} to ${short(interval[1])}`;
  const what = criterion === 'interval' ? 'the lower end of the interval' : 'the difference';
  const asked = margin === 0 ? 'above 0' : `above the margin of ${short(margin)}`;
  return {
    isBetter,
    reason:
      `${figures} on ${rows} held-out ${rows === 1 ? 'row' : 'rows'}: ${differenceText(gain)} (${range}); ` +
      `${what} is ${isBetter ? '' : 'not '}${asked}.`,
  };
}

/** `better by 0.12` */
export function differenceText(gain: number): string {
  if (Number.isNaN(gain)) return 'not comparable';
  return gain === 0 ? 'no difference' : `${gain < 0 ? 'worse' : 'better'} by ${short(Math.abs(gain))}`;
}

/** Four significant digits. */
export function short(value: number): string {
  return Number.isNaN(value) ? 'undefined' : String(Number(value.toPrecision(4)));
}
