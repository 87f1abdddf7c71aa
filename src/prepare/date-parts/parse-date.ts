/** Year first, with one kind of mark between the parts, optionally a time of day and an offset from UTC. */
const pattern =
  /^\s*(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/i;

/**
 * The time of a date written with the year first (`2026-03-31`, `2026/3/31 14:05`, `2026年3月31日`, ISO 8601 timestamps), in
 * milliseconds since 1970-01-01T00:00Z; UTC without an offset. NaN for any other text and for days that do not exist.
 */
export function parseDate(text: string): number {
  const match = pattern.exec(text);
  if (match === null) return Number.NaN;
  const [
    ,
    year,
    ,
    month = match[5],
    day = match[6],
    ,
    ,
    hour = '0',
    minute = '0',
    second = '0',
    fraction = '',
    zone,
  ] = match;
  const date = new Date(0);
  // Date.UTC would take years below 100 for those of the last century.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return Number.NaN;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return Number.NaN;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const milliseconds = Math.floor(Number(`0.${fraction || '0'}`) * 1000 + 1e-6);
  return date.getTime() + seconds * 1000 + milliseconds - offsetMinutes(zone) * 60_000;
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
