import {
  AbortError,
  DataError,
  type ErrorDetails,
  HeddleError,
  JobError,
  OptionError,
} from '../../core/errors.ts';

/** Status of the errors that mean more than a bad request. */
const statuses: Readonly<Record<string, number>> = {
  'request/no-key': 401,
  'request/wrong-key': 401,
  'request/not-found': 404,
  'request/no-log': 404,
  'request/unknown-prediction': 404,
  'request/wrong-method': 405,
  'request/not-acceptable': 406,
  'request/timeout': 408,
  'request/too-large': 413,
  'request/too-many-rows': 413,
  'request/media-type': 415,
  'request/rate': 429,
  'request/overloaded': 503,
  'job/overloaded': 503,
  'job/aborted': 503,
};

/** Of framework errors, which have statuses of their own, the ones that clients can cause. */
const frameworkCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request/media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request/too-large',
};

export interface ErrorReply {
  readonly status: number;
  readonly body: {
    readonly error: { readonly code: string; readonly message: string; readonly details?: object };
  };
}

/** What a client is told of an error; of one that is not its own fault and not heddle's on purpose, nothing but that it happened. */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof HeddleError) {
    const { code, message } = error;
    const details = shortDetails(error.details);
    const isClients = error instanceof DataError || error instanceof OptionError;
    const status = statuses[code] ?? (isClients ? 400 : 500);
    if (status === 500) return unexpected;
    const text =
      error instanceof AbortError ? 'The answer took too long. Send fewer rows at a time.' : message;
    const named = Object.keys(details).length > 0;
    return { status, body: { error: { code, message: short(text), ...(named && { details }) } } };
  }
  const { statusCode, code, message } = error as { statusCode?: unknown; code?: unknown; message?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return unexpected;
  const known = frameworkCodes[String(code)] ?? 'request/bad';
  return { status: statusCode, body: { error: { code: known, message: short(String(message)) } } };
}

const MOST_CHARACTERS = 1000;

/** A message names what was sent, which may be megabytes long. */
function short(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}

function shortDetails(details: ErrorDetails): ErrorDetails {
  return Object.fromEntries(
    Object.entries(details)
      .filter(([, value]) => !Array.isArray(value))
      .map(([name, value]) => [name, typeof value === 'string' ? short(value) : value]),
  );
}

const unexpected: ErrorReply = {
  status: 500,
  body: {
    error: { code: 'server/failed', message: 'The server failed to answer; its log says why.' },
  },
};

/** The server has as much to do as it may: the client comes back later. */
export function overloaded(what: string): JobError {
  return new JobError('request/overloaded', `The server has ${what} in work already. Try again in a second.`);
}
