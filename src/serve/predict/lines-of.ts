import type { IncomingMessage } from 'node:http';
import { DataError } from '../../core/errors.ts';

export interface LineRules {
  /** Most bytes of a line. */
  readonly longest: number;
  /** Most lines that are given at once. */
  readonly atOnce: number;
  /** How long the sender may be silent. */
  readonly idleMs: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a stream, some at a time, without those that are blank.
 * @throws DataError `request/too-large` for a line without an end, `request/timeout` for a sender that falls silent.
 */
export async function* linesOf(
  stream: IncomingMessage,
  { longest, atOnce, idleMs }: LineRules,
): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let lines: Buffer[] = [];
  const chunks = stream.iterator({ destroyOnReturn: false });
  for (;;) {
    const { done, value } = await within(idleMs, chunks.next());
    if (done === true) break;
    const chunk = value as Buffer;
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, at);
      const line = restBytes === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      restBytes = 0;
      from = at + 1;
      if (!isBlank(line)) lines.push(line);
      if (lines.length < atOnce) continue;
      yield lines;
      lines = [];
    }
    if (lines.length > 0) yield lines;
    lines = [];
    if (from < chunk.length) {
      rest.push(chunk.subarray(from));
      restBytes += chunk.length - from;
    }
    if (restBytes > longest) {
      stream.resume();
      throw new DataError('request/too-large', `A line has more than ${longest} bytes.`, { limit: longest });
    }
  }
  const last = Buffer.concat(rest);
  if (!isBlank(last)) yield [last];
}

function isBlank(line: Buffer): boolean {
  return line.length === 0 || (line.length === 1 && line[0] === CARRIAGE_RETURN);
}

async function within<T>(idleMs: number, next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DataError('request/timeout', `Nothing arrived for ${idleMs / 1000} s.`)),
      idleMs,
    );
  });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
  }
}
