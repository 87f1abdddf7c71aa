import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DataError } from '../../core/errors.ts';
import type { LoadGate, Ticket } from './load-gate.ts';

export interface BodyRules {
  /** Most bytes. */
  readonly limit: number;
  readonly timeoutMs: number;
}

type BodyDone = (error: Error | null, body?: Buffer) => void;

/**
 * Gathers the body of a request. One that is too large is not held: the rest is read and thrown away, so that the client
 * gets its answer instead of a broken connection.
 * @throws through `done`: DataError `request/too-large`, `request/timeout` (slow senders), `request/encoding` for what is no UTF-8;
 *   JobError `request/overloaded`.
 */
export function readBody(
  request: IncomingMessage,
  rules: BodyRules,
  { gate, ticket }: { readonly gate: LoadGate; readonly ticket: Ticket },
  done: BodyDone,
): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > rules.limit) {
    request.resume();
    done(tooLarge(rules.limit, announced));
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  const finish = (error: Error | null) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    if (error !== null) {
      chunks.length = 0;
      // What is still to come goes to nobody.
      request.removeListener('data', onData).resume();
      done(error);
      return;
    }
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes);
    done(isUtf8(body) ? null : badEncoding(), body);
  };
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > rules.limit) {
      finish(tooLarge(rules.limit, bytes));
      return;
    }
    try {
      gate.addBytes(ticket, chunk.length);
    } catch (error) {
      finish(error as Error);
      return;
    }
    chunks.push(chunk);
  };
  const timer = setTimeout(() => finish(tooSlow(rules.timeoutMs)), rules.timeoutMs);
  request.on('data', onData);
  request.on('end', () => finish(null));
  request.on('error', finish);
  request.on('close', () => finish(new DataError('request/aborted', 'The client went away.')));
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
