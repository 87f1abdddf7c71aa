/** The numbers that a date can become. */
export const dateParts = [
  ...(['year', 'quarter', 'month', 'day', 'dayOfYear', 'dayOfWeek', 'hour', 'minute'] as const),
  'elapsedDays',
] as const;

export type DatePart = (typeof dateParts)[number];

const MS_PER_DAY = 86_400_000;

/**
 * One part of a date in UTC.
 * @param time Milliseconds since 1970-01-01T00:00Z; NaN gives NaN.
 * @param earliest Where `elapsedDays` begins; null gives NaN.
 */
export function datePart(part: DatePart, time: number, earliest: number | null): number {
  const date = new Date(time);
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'day':
      return date.getUTCDate();
    case 'dayOfYear':
      // Date.UTC would take years below 100 for those of the last century.
      return Math.floor((time - new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;
    case 'dayOfWeek':
      // 1970-01-01 was a Thursday, which is 3 when Monday is 0.
      return (((Math.floor(time / MS_PER_DAY) + 3) % 7) + 7) % 7;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'elapsedDays':
      return earliest === null ? Number.NaN : (time - earliest) / MS_PER_DAY;
    default:
      return part satisfies never;
  }
}
