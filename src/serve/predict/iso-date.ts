const pattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Milliseconds since 1970 of an ISO 8601 date, with a time or without: UTC where there is no offset, as in `readCsv`.
 * @returns NaN for anything else, and for days and hours that do not exist.
 */
export function parseIsoDate(text: string): number {
  const parts = pattern.exec(text);
  if (parts === null) return Number.NaN;
  const [, day, time, offset = 'Z'] = parts;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // `Date.parse` takes 2026-02-31 for a day in March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return Number.NaN;
  if (time === undefined) return midnight;
  const colon = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  return Date.parse(`${day}T${time.replace(',', '.')}${colon}`);
}
