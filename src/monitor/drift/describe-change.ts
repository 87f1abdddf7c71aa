import type { ColumnView, LevelView, NumberView } from './column-view.ts';
import type { MissingDrift } from './missing-drift.ts';
import type { UnseenLevels } from './unseen-levels.ts';

/** Levels whose shares are told. */
const SHOWN = 3;
/** A share that moved by less than this part of the largest move is not told of. */
const LEAST_PART = 0.2;
/** A change of the mean by less than this share of the standard deviation is not told of. */
const LEAST_SHIFT = 0.05;
/** Nor is a spread that changes by less than this factor. */
const LEAST_FACTOR = 1.1;

/** Which of the parts of a column's drift alarmed. */
export interface DriftedParts {
  readonly values: boolean;
  readonly missing: MissingDrift;
  readonly unseen: UnseenLevels | null;
  readonly vanished: UnseenLevels | null;
}

/**
 * What changed between two windows of a column, in words for people: `share of WN 0.31 → 0.12`, `mean 12.6 → 15.3 (+0.3 sd)`,
 * `missing 2% → 7%`, `new level 'XX' in 3% of rows`. Of a summary, mean and quantiles are those of its cells.
 */
export function describeChange(
  reference: ColumnView,
  current: ColumnView,
  { values, missing, unseen, vanished }: DriftedParts,
): string {
  const parts: string[] = [];
  if (values) {
    if ('levels' in reference && 'levels' in current) parts.push(levelChange(reference, current));
    else if (!('levels' in reference || 'levels' in current)) parts.push(numberChange(reference, current));
  }
  if (missing.drifted) parts.push(`missing ${percent(missing.reference)} → ${percent(missing.current)}`);
  if (unseen?.drifted) parts.push(`new ${levelNames(unseen)} in ${percent(unseen.effect)} of rows`);
  if (vanished?.drifted) {
    parts.push(`vanished: ${levelNames(vanished)}, ${percent(vanished.effect)} of rows before`);
  }
  return parts.join('; ');
}

function levelNames({ levels, count }: UnseenLevels): string {
  const names = levels.slice(0, SHOWN).map(({ level }) => `'${level}'`);
  const more = count > names.length ? `, … (${count})` : '';
  return `${count === 1 ? 'level' : 'levels'} ${names.join(', ')}${more}`;
}

function levelChange(reference: LevelView, current: LevelView): string {
  const shares = new Map<string, [number, number]>();
  for (const [i, level] of reference.levels.entries())
    shares.set(level, [reference.counts[i] / reference.present, 0]);
  for (const [i, level] of current.levels.entries()) {
    const after = current.counts[i] / current.present;
    const known = shares.get(level);
    if (known !== undefined) known[1] = after;
    // Where the reference left levels out, what it had of this one is not known.
    else if (reference.otherLevels === 0) shares.set(level, [0, after]);
  }
  const moves = [...shares]
    .map(([level, [before, after]]) => ({ level, before, after, size: Math.abs(after - before) }))
    .sort((a, b) => b.size - a.size);
  const moved = moves
    .slice(0, SHOWN)
    .filter(({ size }) => size > 0 && size >= LEAST_PART * moves[0].size)
    .map(({ level, before, after }) => `${level} ${short(before)} → ${short(after)}`);
  return `share of ${moved.join(', ')}`;
}

function numberChange(reference: NumberView, current: NumberView): string {
  const format = reference.kind === 'date' ? day : short;
  const before = meanOf(reference);
  const after = meanOf(current);
  const shift = (after - before) / reference.deviation;
  const factor = current.deviation / reference.deviation;
  const parts: string[] = [];
  if (!(Math.abs(shift) < LEAST_SHIFT) && before !== after) {
    const size = Number.isFinite(shift) ? ` (${shift > 0 ? '+' : '−'}${short(Math.abs(shift))} sd)` : '';
    parts.push(`mean ${format(before)} → ${format(after)}${size}`);
  }
  if (factor > LEAST_FACTOR || factor < 1 / LEAST_FACTOR) {
    const unit = reference.kind === 'date' ? 1 / 86_400_000 : 1;
    const what = reference.kind === 'date' ? 'standard deviation in days' : 'standard deviation';
    parts.push(`${what} ${short(unit * reference.deviation)} → ${short(unit * current.deviation)}`);
  }
  if (parts.length > 0) return parts.join(', ');
  // Neither place nor spread: the shape.
  const quartiles = (view: NumberView) => quantiles(view, [0.25, 0.5, 0.75]).map(format).join(', ');
  return `quartiles ${quartiles(reference)} → ${quartiles(current)}`;
}

export function meanOf({ means, counts, present }: NumberView): number {
  // Differences to one of the values, so that values far from 0 lose no digits.
  const origin = means[means.length >> 1];
  let sum = 0;
  for (let i = 0; i < means.length; i++) sum += (counts === undefined ? 1 : counts[i]) * (means[i] - origin);
  return origin + sum / present;
}

function quantiles({ upper, counts, present }: NumberView, shares: readonly number[]): number[] {
  let below = 0;
  let next = 0;
  const found: number[] = [];
  for (let i = 0; i < upper.length && next < shares.length; i++) {
    below += counts === undefined ? 1 : counts[i];
    while (next < shares.length && below >= shares[next] * present) {
      found.push(upper[i]);
      next++;
    }
  }
  return found;
}

export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function percent(share: number): string {
  return `${short(100 * share)}%`;
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
