import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { AbortError, DataError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import type { QuickPrediction } from '../../define/quick-predictor.ts';
import { predictionId } from '../../monitor/log/prediction-id.ts';
import type { ServeContext } from '../context.ts';
import { errorReply } from '../http/error-reply.ts';
import type { Serving } from '../model/model-slot.ts';
import { parseJson, refuseHostileKey } from './json-body.ts';
import { linesOf } from './lines-of.ts';
import { loggedPredictions, logPredictions } from './log-predictions.ts';
import { rowsToFrame } from './rows-to-frame.ts';
import { withinDeadline } from './within-deadline.ts';

/** Lines predicted together at most. */
const MOST_LINES = 256;
const WAIT_MS = 5;

type Answered = { readonly x: Frame; readonly predictions: QuickPrediction; readonly row: number };

/**
 * Answers a stream of rows, one JSON object a line, by one line for each in the same order: a prediction, or `{"error": …}` for a line that
 * does not fit. Rows are read as fast as the answers are taken, so that memory stays bounded however long the stream is.
 */
export async function* predictLines(
  context: ServeContext,
  serving: Serving,
  request: FastifyRequest,
  stream: IncomingMessage,
): AsyncGenerator<string> {
  const { settings, gate, metrics } = context;
  const { ticket } = request.work!;
  const rules = { longest: settings.bodyLimit, atOnce: MOST_LINES, idleMs: settings.requestTimeoutMs };
  let before = 0;
  try {
    for await (const lines of linesOf(stream, rules)) {
      while (!gate.hasRoomFor(lines.length)) await setTimeout(WAIT_MS);
      gate.addRows(ticket, lines.length);
      const answers = await answerLines(lines, before);
      gate.releaseRows(ticket);
      before += lines.length;
      yield answers;
    }
  } catch (error) {
    // The head of the answer is long gone: a last line tells.
    if (!stream.destroyed || error instanceof DataError) yield errorLine(error, before);
  }

  async function answerLines(lines: readonly Buffer[], from: number): Promise<string> {
    let answers: (Answered | { readonly error: unknown })[];
    try {
      answers = await predictTogether(lines);
    } catch {
      answers = [];
      for (const line of lines) answers.push(await predictAlone(line));
    }
    let text = '';
    for (const [k, answer] of answers.entries()) {
      if ('error' in answer) {
        text += errorLine(answer.error, from + k);
        continue;
      }
      const id = predictionId();
      keep(answer, id);
      text += `${serving.writer.item(id, answer.predictions, answer.row)}\n`;
    }
    return text;
  }

  async function predictTogether(lines: readonly Buffer[]): Promise<Answered[]> {
    const x = rowsToFrame(serving.model.columns, lines.map(parseLine));
    const predictions = await withinDeadline(settings.requestTimeoutMs, (signal) =>
      serving.model.predict(x, signal),
    );
    return lines.map((_, row) => ({ x, predictions, row }));
  }

  async function predictAlone(line: Buffer): Promise<Answered | { readonly error: unknown }> {
    try {
      return (await predictTogether([line]))[0]!;
    } catch (error) {
      return { error };
    }
  }

  function keep({ x, predictions, row }: Answered, id: string): void {
    request.work!.rows++;
    metrics.predicted(1);
    if (context.log === undefined && !settings.logValues) return;
    const answered = { model: serving.model, x, predictions, from: row, ids: [id] };
    if (context.log !== undefined) logPredictions(context.log, answered);
    if (settings.logValues) request.log.info({ predictions: loggedPredictions(answered) }, 'values');
  }

  function errorLine(error: unknown, line: number): string {
    const { status, body } = errorReply(error);
    if (status === 500 && !(error instanceof AbortError)) request.log.error({ err: error }, 'failed');
    return `${JSON.stringify({ ...body, line })}\n`;
  }
}

function parseLine(line: Buffer): unknown {
  if (!isUtf8(line)) throw new DataError('request/encoding', 'The line is not valid UTF-8.');
  const row = parseJson(line.toString('utf8'));
  refuseHostileKey(row);
  return row;
}
