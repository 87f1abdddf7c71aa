import { OptionError } from '../core/errors.ts';
import type { LogWindow } from './log/prediction-log.ts';

/** How a log is divided into windows: by time, in milliseconds, or by number of predictions. */
export type WindowSize = { readonly ms: number } | { readonly rows: number };

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `30m`, `12h`, `1d`, `2w` in milliseconds; undefined for another text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(text.trim());
  const unit = match === null ? undefined : UNITS[match[2]!.toLowerCase()];
  const ms = unit === undefined ? 0 : Number(match![1]) * unit;
  return ms > 0 ? ms : undefined;
}

/** `1d` or `1000`. @throws OptionError for another text. */
export function parseWindowSize(text: string): WindowSize {
  const ms = parseDuration(text);
  if (ms !== undefined) return { ms };
  const rows = Number(text);
  if (Number.isInteger(rows) && rows > 0) return { rows };
  throw new OptionError(
    'option/invalid',
    `A window is a time (30m, 12h, 1d, 1w) or a number of predictions (1000), not '${text}'.`,
    { option: 'window' },
  );
}

/** A moment: a duration ago, or a date. @throws OptionError for another text. */
export function parseMoment(text: string, now: number): number {
  const ago = parseDuration(text);
  const moment = ago === undefined ? Date.parse(text) : now - ago;
  if (Number.isFinite(moment)) return moment;
  throw new OptionError(
    'option/invalid',
    `A moment is a date (2026-01-31, 2026-01-31T12:00Z) or how long ago (6h, 7d), not '${text}'.`,
    { option: 'since' },
  );
}

/** Rows `from` to `to` (excluded) of a log. */
export interface LogPart {
  readonly from: number;
  readonly to: number;
}

/**
 * Windows of a log in order, none empty. By time they begin at multiples of their length since 1970 (UTC), so that every run divides
 * alike; by number the newest is full and the oldest takes what is left.
 */
export function divideLog({ at }: LogWindow, size: WindowSize | undefined): LogPart[] {
  const rows = at.length;
  if (rows === 0) return [];
  if (size === undefined) return [{ from: 0, to: rows }];
  const parts: LogPart[] = [];
  if ('rows' in size) {
    for (let to = rows; to > 0; to -= size.rows) parts.unshift({ from: Math.max(0, to - size.rows), to });
    return parts;
  }
  for (let from = 0; from < rows; ) {
    const window = Math.floor(at[from]! / size.ms);
    let to = from + 1;
    while (to < rows && Math.floor(at[to]! / size.ms) === window) to++;
    parts.push({ from, to });
    from = to;
  }
  return parts;
}

/** A part of a log as a log. */
export function takePart(log: LogWindow, { from, to }: LogPart): LogWindow {
  if (from === 0 && to === log.at.length) return log;
  return {
    rows: log.rows.take(Int32Array.from({ length: to - from }, (_, i) => from + i)),
    ids: log.ids.slice(from, to),
    at: log.at.slice(from, to),
    predictions: log.predictions.slice(from, to),
    probabilities: log.probabilities.slice(from, to),
    labels: log.labels.slice(from, to),
  };
}
