import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Frame } from '../../core/frame.ts';
import type { QuickPrediction } from '../../define/quick-predictor.ts';
import { predictionId } from '../../monitor/log/prediction-id.ts';
import type { ServeContext } from '../context.ts';
import type { Serving } from '../model/model-slot.ts';
import type { JsonRequest } from './json-body.ts';
import { loggedPredictions, logPredictions } from './log-predictions.ts';
import { parseRequest } from './parse-request.ts';
import { predictLines } from './predict-lines.ts';
import { predictionCsv } from './respond-csv.ts';
import type { BatcherOf } from './row-batchers.ts';
import { rowsToFrame } from './rows-to-frame.ts';
import { withinDeadline } from './within-deadline.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const CSV_TYPE = 'text/csv; charset=utf-8';
export const LINES_TYPE = 'application/x-ndjson; charset=utf-8';

/** The body of a request to predict, as its media type says. */
export type PredictBody =
  | { readonly kind: 'json' | 'csv'; readonly bytes: Buffer }
  | { readonly kind: 'lines'; readonly stream: IncomingMessage };

/** Answers `POST /predict`. Nothing in it is async that need not be: a single row costs microseconds. */
export function predictRoute(context: ServeContext, batcherOf: BatcherOf) {
  const { settings, slot } = context;
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const body = request.body as PredictBody;
    const serving = slot.current.use();
    reply.raw.once('close', () => serving.release());
    if (body.kind === 'lines') {
      reply.type(LINES_TYPE).send(Readable.from(predictLines(context, serving, request, body.stream)));
      return;
    }
    const fail = (error: unknown) => void reply.send(error);
    try {
      if (body.kind === 'csv') {
        answerCsv(body.bytes, serving, request, reply).catch(fail);
        return;
      }
      const parsed = parseRequest(body.bytes, settings.maxRows);
      if (parsed instanceof Promise) {
        parsed.then((rows) => answerJson(rows, serving, request, reply)).catch(fail);
      } else answerJson(parsed, serving, request, reply)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  };

  function answerJson(
    { rows, isSingle }: JsonRequest,
    serving: Serving,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> | undefined {
    if (isSingle) {
      answerSingle(rows[0], serving, request, reply);
      return undefined;
    }
    const { gate } = context;
    gate.addRows(request.work!.ticket, rows.length);
    const x = rowsToFrame(serving.model.columns, rows);
    const predictions = predict(serving, x, reply);
    if (predictions instanceof Promise) {
      return predictions.then((made) => sendMany(x, made, serving, request, reply));
    }
    sendMany(x, predictions, serving, request, reply);
    return undefined;
  }

  function answerSingle(row: unknown, serving: Serving, request: FastifyRequest, reply: FastifyReply): void {
    batcherOf(serving).add(row, (error, predictions, x, i) => {
      if (error !== undefined) {
        reply.send(error);
        return;
      }
      const id = predictionId();
      keep(serving, x!, predictions!, i!, [id], request);
      if (wantsCsv(request, 'json')) {
        sendCsv(reply, [id], pick(predictions!, i!, serving), serving);
        return;
      }
      reply.header('content-type', JSON_TYPE).send(serving.writer.one(id, predictions!, i!));
    });
  }

  async function answerCsv(bytes: Buffer, serving: Serving, request: FastifyRequest, reply: FastifyReply) {
    const { columns } = serving.model;
    // The reader of CSV is loaded by the first request that needs it.
    const { readCsvRows } = await import('./read-csv-rows.ts');
    const x = await withinDeadline(settings.requestTimeoutMs, (signal) =>
      readCsvRows(bytes, columns, settings.maxRows, signal),
    );
    context.gate.addRows(request.work!.ticket, x.rows);
    const predictions = await predict(serving, x, reply);
    sendMany(x, predictions, serving, request, reply);
  }

  function predict(serving: Serving, x: Frame, reply: FastifyReply) {
    if (x.rows === 0) return nothing(serving);
    return withinDeadline(
      settings.requestTimeoutMs,
      (signal) => serving.model.predict(x, signal),
      (leave) => reply.raw.once('close', leave),
    );
  }

  function sendMany(
    x: Frame,
    predictions: QuickPrediction,
    serving: Serving,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const ids = Array.from({ length: x.rows }, () => predictionId());
    keep(serving, x, predictions, 0, ids, request);
    if (wantsCsv(request, (request.body as PredictBody).kind)) {
      sendCsv(reply, ids, predictions, serving);
      return;
    }
    const { open, close, item } = serving.writer;
    let text = open;
    for (let i = 0; i < ids.length; i++) text += (i === 0 ? '' : ',') + item(ids[i]!, predictions, i);
    reply.header('content-type', JSON_TYPE).send(text + close);
  }

  function sendCsv(
    reply: FastifyReply,
    ids: readonly string[],
    predictions: QuickPrediction,
    { model }: Serving,
  ): void {
    const pieces = predictionCsv(ids, predictions, model.target.classes);
    const { name, version } = model.identity;
    reply
      .headers({
        'content-type': CSV_TYPE,
        'x-content-type-options': 'nosniff',
        'x-model': encodeURIComponent(version === null ? name : `${name}@${version}`),
      })
      .send(Buffer.concat([...pieces]));
  }

  /** Counts rows that were answered, and logs them where that was asked for. */
  function keep(
    { model }: Serving,
    x: Frame,
    predictions: QuickPrediction,
    from: number,
    ids: readonly string[],
    request: FastifyRequest,
  ): void {
    request.work!.rows += ids.length;
    context.metrics.predicted(ids.length);
    const answered = { model, x, predictions, from, ids };
    if (context.log !== undefined) logPredictions(context.log, answered);
    if (settings.logValues) request.log.info({ predictions: loggedPredictions(answered) }, 'values');
  }
}

/** One row of predictions, by itself. */
function pick(predictions: QuickPrediction, row: number, { model }: Serving): QuickPrediction {
  if (predictions.kind === 'values') {
    const { values, bounds } = predictions;
    return {
      ...{ kind: 'values', values: values.slice(row, row + 1) },
      ...(bounds && { bounds: bounds.slice(2 * row, 2 * row + 2) }),
    };
  }
  const width = model.target.classes!.length;
  return {
    kind: 'classes',
    codes: predictions.codes.slice(row, row + 1),
    probabilities: predictions.probabilities?.slice(row * width, (row + 1) * width),
  };
}

function nothing({ model }: Serving): QuickPrediction {
  return model.target.kind === 'number'
    ? { kind: 'values', values: new Float64Array() }
    : { kind: 'classes', codes: new Int32Array(), probabilities: new Float64Array() };
}

/** The answer has the form of the request, unless the client asks for the other one alone. */
function wantsCsv({ headers }: FastifyRequest, sent: PredictBody['kind']): boolean {
  const { accept = '' } = headers;
  if (sent === 'csv') return !accept.includes('application/json');
  return accept.includes('text/csv') && !accept.includes('application/json');
}
