/**
 * The errors heddle throws. Every one carries a `code` for programs (`data/missing-column`), a message for people that
 * names the place and says what to do, and `details` with the named parts. They survive the way from a worker thread
 * to the caller ({@link errorToJson}, {@link errorFromJson}).
 */

/** The parts a message names: column, row, option, file, … */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Base class of all errors thrown by heddle on purpose. */
export class HeddleError extends Error {
  override readonly name: string = 'HeddleError';
  /** Stable identifier, `family/what`, e.g. `option/unknown`. */
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** The data do not fit: a missing column, text among numbers, a ragged row, lengths that differ. */
export class DataError extends HeddleError {
  override readonly name = 'DataError';
}

/** An option (of a model, a reader, a splitter, a command) is unknown or out of its range. */
export class OptionError extends HeddleError {
  override readonly name = 'OptionError';
}

/** A file cannot be read, written or trusted. */
export class FileError extends HeddleError {
  override readonly name = 'FileError';
}

/** A fit or prediction failed while it ran: a crashed worker, no memory, numbers that left the finite range. */
export class JobError extends HeddleError {
  override readonly name = 'JobError';
}

/** The caller's `AbortSignal` stopped the work. */
export class AbortError extends HeddleError {
  override readonly name = 'AbortError';

  constructor(message = 'Stopped by the abort signal.') {
    super('job/aborted', message);
  }
}

/** A package that this feature needs is not installed. */
export class DependencyError extends HeddleError {
  override readonly name = 'DependencyError';
}

const families = { HeddleError, DataError, OptionError, FileError, JobError, DependencyError };

/** An error as structured-cloneable data. */
export interface ErrorJson {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly stack: string | undefined;
}

export function errorToJson(error: unknown): ErrorJson {
  if (error instanceof HeddleError) {
    const { name, code, message, details, stack } = error;
    return { name, code, message, details, stack };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, code: '', message, details: {}, stack };
}

/** The inverse of {@link errorToJson}; an error that was not heddle's comes back as a plain `Error`. */
export function errorFromJson(json: ErrorJson): Error {
  const error = rebuild(json);
  if (json.stack !== undefined) error.stack = json.stack;
  return error;
}

function rebuild(json: ErrorJson): Error {
  if (json.name === 'AbortError' && json.code !== '') return new AbortError(json.message);
  const Family = families[json.name as keyof typeof families];
  if (Family !== undefined) return new Family(json.code, json.message, json.details);
  const error = new Error(json.message);
  error.name = json.name;
  return error;
}

/** The candidate closest to `word` by edit distance, if close enough to be a likely misspelling. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    // No distance is smaller than the difference of the lengths; a name may be megabytes long.
    if (Math.abs(word.length - candidate.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean 'x'?` with a leading space, or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : ` Did you mean '${near}'?`;
}

/** Levenshtein distance by the two-row recurrence. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
