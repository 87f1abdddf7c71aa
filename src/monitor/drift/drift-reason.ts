import type { Comparison, DriftStatistic } from './comparison.ts';
import { exceeds, type MissingDrift } from './missing-drift.ts';
import type { UnseenLevels } from './unseen-levels.ts';

const effectNames: Readonly<Record<Exclude<DriftStatistic, 'none'>, string>> = {
  kolmogorovSmirnov: 'Kolmogorov–Smirnov distance',
  wasserstein: 'Wasserstein distance in standard deviations',
  populationStability: 'population stability index',
  jensenShannon: 'Jensen–Shannon distance',
  chiSquared: "Cohen's w of the χ² test",
};

/** What was judged of one column, in words; alarms first. */
export function driftReason(
  statistic: DriftStatistic,
  comparison: (Comparison & { readonly threshold: number }) | null,
  missing: MissingDrift,
  { unseen, vanished }: { readonly unseen: UnseenLevels | null; readonly vanished: UnseenLevels | null },
): string {
  const parts: { text: string; alarm: boolean }[] = [];
  if (comparison !== null && statistic !== 'none') parts.push(judge(effectNames[statistic], comparison));
  else parts.push({ text: notCompared(statistic, missing), alarm: false });
  if (missing.effect > 0) {
    const went = `missing rows went from ${percent(missing.reference)} to ${percent(missing.current)}: the change`;
    parts.push(judge(went, missing));
  }
  for (const [levels, what] of [
    [unseen, 'new'],
    [vanished, 'vanished'],
  ] as const) {
    if (levels === null || levels.count === 0) continue;
    const names = levels.levels.slice(0, 3).map(({ level }) => `'${level}'`);
    const more = levels.count > names.length ? ', …' : '';
    const noun = `${what} level${levels.count === 1 ? '' : 's'}`;
    parts.push(judge(`share of rows with ${levels.count} ${noun} (${names.join(', ')}${more})`, levels));
  }
  const alarms = parts.filter(({ alarm }) => alarm);
  return (alarms.length > 0 ? alarms : parts).map(({ text }) => text).join('; ');
}

interface Judged {
  readonly effect: number;
  readonly nullQuantile: number;
  readonly threshold: number;
}

function judge(what: string, { effect, nullQuantile, threshold }: Judged): { text: string; alarm: boolean } {
  const alarm = exceeds(effect, nullQuantile, threshold);
  const byChance = `what chance gives (${short(nullQuantile)})`;
  const text = alarm
    ? `${what} ${short(effect)} exceeds both ${byChance} and the threshold ${short(threshold)}`
    : effect <= threshold
      ? `${what} ${short(effect)} does not exceed the threshold ${short(threshold)}`
      : `${what} ${short(effect)} exceeds the threshold ${short(threshold)} but not ${byChance}`;
  return { text, alarm };
}

function notCompared(statistic: DriftStatistic, { reference, current }: MissingDrift): string {
  if (statistic === 'none') return 'values are not compared';
  if (reference === 1 && current === 1) return 'neither window has a value';
  return `the ${reference === 1 ? 'reference' : 'current window'} has no value to compare`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${short(100 * share)}%`;
}
