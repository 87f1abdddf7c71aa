import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DataError } from '../../core/errors.ts';
import type { LoadGate, Ticket } from './load-gate.ts';

export interface BodyRules {
  /** Most bytes. */
  readonly limit: number;
  readonly timeoutMs: number;
}

export interface BodyFailure {
  readonly error: Error;
  /** Whether the connection is of no more use. */
  readonly isOver: boolean;
}

export type BodyDone = (failure: BodyFailure | undefined, body: Buffer) => void;

/** After so many bytes that nobody wants the connection is cut. */
const MOST_IGNORED = 512 * 2 ** 20;
const NOTHING = Buffer.alloc(0);

/**
 * Gathers the body of a request. One that is too large is not held: the rest is read and thrown away, so that the client
 * gets its answer instead of a broken connection. Fails with DataError `request/too-large`, `request/timeout` (slow senders),
 * `request/encoding` for what is no UTF-8, and JobError `request/overloaded`.
 */
export function readBody(
  request: IncomingMessage,
  rules: BodyRules,
  { gate, ticket }: { readonly gate: LoadGate; readonly ticket: Ticket },
  done: BodyDone,
): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let isDone = false;
  const fail = (error: Error, isOver = false) => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    chunks = [];
    gate.releaseBytes(ticket);
    done({ error, isOver }, NOTHING);
  };
  const timer = setTimeout(() => fail(tooSlow(rules.timeoutMs), true), rules.timeoutMs);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > rules.limit) fail(tooLarge(rules.limit, announced));
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (isDone) {
      if (bytes > MOST_IGNORED) request.destroy();
      return;
    }
    if (bytes > rules.limit) {
      fail(tooLarge(rules.limit, bytes));
      return;
    }
    try {
      gate.addBytes(ticket, chunk.length);
      chunks.push(chunk);
    } catch (error) {
      fail(error as Error);
    }
  });
  request.on('end', () => {
    if (isDone) return;
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
    if (!isUtf8(body)) {
      fail(badEncoding());
      return;
    }
    isDone = true;
    clearTimeout(timer);
    done(undefined, body);
  });
  request.on('error', (error) => fail(error, true));
  request.on('close', () => fail(new DataError('request/aborted', 'The client went away.'), true));
}

function tooLarge(limit: number, bytes: number): DataError {
  return new DataError(
    'request/too-large',
    `The body has ${bytes} bytes or more, but at most ${limit} are taken. Send fewer rows at a time, or a stream of lines ` +
      '(application/x-ndjson).',
    { limit },
  );
}

function tooSlow(timeoutMs: number): DataError {
  return new DataError('request/timeout', `The body did not arrive within ${timeoutMs / 1000} s.`);
}

function badEncoding(): DataError {
  return new DataError('request/encoding', 'The body is not valid UTF-8. Send it in UTF-8.');
}
