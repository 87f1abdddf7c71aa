import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AbortError, JobError, OptionError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import { heddleVersion } from '../../core/version.ts';
import type { Alarm } from '../window-report.ts';

/** What is sent when a window alarms: JSON. */
export interface Alert {
  /** The same for the same alarms of the same window: whoever receives it twice can tell. */
  readonly key: string;
  readonly model: string;
  readonly version: number | null;
  readonly rows: number;
  readonly from: string | null;
  readonly until: string | null;
  readonly alarms: readonly Alarm[];
}

/** Where alerts go. */
export type AlertTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'webhook'; readonly url: string };

/** @param identity What tells the window from others; by default its beginning. */
export function makeAlert(facts: Omit<Alert, 'key'>, identity: string | null = facts.from): Alert {
  const { model, version, alarms } = facts;
  const text = JSON.stringify([model, version, identity, alarms.map(({ check, column }) => [check, column])]);
  return { key: createHash('sha256').update(text).digest('hex').slice(0, 32), ...facts };
}

/** `stdout`, `file:PATH` or a URL. @throws OptionError for anything else. */
export function parseAlertTarget(text: string): AlertTarget {
  if (text === 'stdout') return { kind: 'stdout' };
  if (text.startsWith('file:') && text.length > 5) return { kind: 'file', path: text.slice(5) };
  const url = URL.parse(text);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return { kind: 'webhook', url: text };
  throw new OptionError(
    'option/invalid',
    `An alert goes to stdout, file:PATH or a URL (https://…), not to '${text}'.`,
    { option: 'alert' },
  );
}

/**
 * Appends an alert to a file as one line of JSON in one write, flushed to the disk: lines of several processes do not mix.
 * @throws FileError
 */
export async function appendAlert(alert: Alert, path: string): Promise<void> {
  try {
    const file = await open(path, 'a');
    try {
      await file.appendFile(`${JSON.stringify(alert)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileErrorFrom(error, path, 'write');
  }
}

export interface WebhookOptions {
  readonly signal?: AbortSignal | undefined;
  /** Of one attempt. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Attempts in all. Default 5. */
  readonly attempts?: number | undefined;
  /** Before the second attempt; doubled for each further one, at most a minute. Default 500. */
  readonly backoffMs?: number | undefined;
}

const MOST_WAIT_MS = 60_000;

/**
 * Posts an alert as JSON, with its key as `Idempotency-Key`. A network error, a time-out, 408, 425, 429 or 5xx is tried again, after
 * what `Retry-After` says or twice as long as before; any other refusal is final.
 * @throws JobError `alert/undelivered` saying the last reason; AbortError.
 */
export async function postAlert(alert: Alert, url: string, options: WebhookOptions = {}): Promise<void> {
  const { signal, timeoutMs = 10_000, attempts = 5, backoffMs = 500 } = options;
  let reason = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answer = await tryOnce(alert, url, timeoutMs, signal);
    if (answer === undefined) return;
    reason = answer.reason;
    if (answer.isFinal || attempt === attempts) break;
    // Half fixed, half by chance: many monitors that failed together do not come back together.
    const backoff = backoffMs * 2 ** (attempt - 1) * (0.5 + 0.5 * Math.random());
    const wait = Math.min(MOST_WAIT_MS, Math.max(backoff, answer.retryAfterMs));
    await sleep(wait, undefined, { signal }).catch(() => {
      throw new AbortError();
    });
  }
  throw new JobError(
    'alert/undelivered',
    `The alert could not be delivered to ${originOf(url)}: ${reason}.`,
    {
      url: originOf(url),
    },
  );
}

interface Refusal {
  readonly reason: string;
  readonly isFinal: boolean;
  readonly retryAfterMs: number;
}

async function tryOnce(
  alert: Alert,
  url: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': alert.key,
        'user-agent': `heddle/${heddleVersion()}`,
      },
      body: JSON.stringify(alert),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    const isFinal = status < 500 && status !== 408 && status !== 425 && status !== 429;
    return { reason: `it answered ${status}`, isFinal, retryAfterMs: retryAfter(response) };
  } catch (error) {
    if (signal?.aborted) throw new AbortError();
    const { message, cause } = error as Error;
    const reason = timeout.aborted
      ? `no answer within ${timeoutMs / 1000} s`
      : cause instanceof Error
        ? cause.message
        : message;
    return { reason, isFinal: false, retryAfterMs: 0 };
  }
}

/** `Retry-After` in seconds or as a date. */
function retryAfter({ headers }: Response): number {
  const given = headers.get('retry-after');
  if (given === null) return 0;
  const seconds = Number(given);
  const ms = Number.isFinite(seconds) ? 1000 * seconds : Date.parse(given) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** Paths and queries of webhooks are secrets; they stay out of messages. */
function originOf(url: string): string {
  return new URL(url).origin;
}
