// Small models and servers for the tests of this folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { Frame } from '../core/frame.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { columnTransformer } from '../prepare/column-transformer/column-transformer.ts';
import { dateParts } from '../prepare/date-parts/date-parts.ts';
import { oneHotEncoder } from '../prepare/one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../prepare/pipeline/pipeline.ts';
import { simpleImputer } from '../prepare/simple-imputer/simple-imputer.ts';
import { standardScaler } from '../prepare/standard-scaler/standard-scaler.ts';
import { saveModel } from '../store/model-file.ts';
import type { ServeOptions } from './options.ts';
import { type Server, serve } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-serve-'));
after(() => rmSync(folder, { recursive: true, force: true }));

export const pathOf = (name: string): string => join(folder, name);

const count = 60;
const of = <T>(make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const day = (i: number) => new Date(Date.UTC(2025, i % 12, 1 + (i % 28)));

/** Columns of all kinds. */
export const houses = Frame.fromColumns({
  size: of((i) => (i % 7 === 0 ? null : 50 + ((i * 37) % 100))),
  rooms: of((i) => 1 + (i % 5)),
  place: of((i) => ['north', 'south', 'west'][i % 3]!),
  garden: of((i) => i % 2 === 0),
  sold: of(day),
});

const prepare = columnTransformer({
  transformers: [
    { name: 'size', columns: ['size'], transformer: pipeline(simpleImputer(), standardScaler()) },
    { name: 'rooms', columns: ['rooms'], transformer: standardScaler() },
    { name: 'place', columns: ['place'], transformer: oneHotEncoder({ handleUnknown: 'ignore' }) },
    { name: 'garden', columns: ['garden'], transformer: 'passthrough' },
    { name: 'sold', columns: ['sold'], transformer: dateParts() },
  ],
});

const price = of((i) => 100 + 3 * ((i * 37) % 100) + 10 * (i % 5));
/** One class is what a spreadsheet would run. */
export const CLASSES = ['=1+1', 'dear'];

/** A regression on {@link houses}. `shift` makes versions that can be told apart. */
export async function priceModel(shift = 0) {
  return pipeline(prepare, ridge()).fit(
    houses,
    price.map((value) => value + shift),
  );
}

export async function classModel() {
  return pipeline(prepare, logisticRegression()).fit(
    houses,
    price.map((value) => CLASSES[value > 250 ? 1 : 0]!),
  );
}

let saved: Promise<{ price: string; label: string }> | undefined;

/** Files of both models. */
export function modelFiles() {
  saved ??= (async () => {
    const paths = { price: pathOf('price.heddle'), label: pathOf('label.heddle') };
    await saveModel(await priceModel(), paths.price);
    await saveModel(await classModel(), paths.label);
    return paths;
  })();
  return saved;
}

/** A server on a free port that ends with its test. */
export async function startServer(
  t: TestContext,
  source: string,
  options: ServeOptions = {},
): Promise<Server> {
  const server = await serve(source, { port: 0, drainGraceMs: 0, drainDeadlineMs: 5000, ...options });
  t.after(() => server.close());
  return server;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at fields they know
  readonly json: any;
}

export async function ask(
  { url }: Pick<Server, 'url'>,
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(url + path, { ...init, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  return {
    ...{ status: response.status, headers: response.headers, text },
    get json() {
      return JSON.parse(text);
    },
  };
}

export function post(
  server: Pick<Server, 'url'>,
  body: unknown,
  { path = '/predict', type = 'application/json', ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return ask(server, path, {
    method: 'POST',
    body: bytes as NonNullable<RequestInit['body']>,
    headers: { 'content-type': type, ...headers },
  });
}

/** A row as a client sends it. */
export function jsonRow(frame: Frame, i: number): Record<string, unknown> {
  return JSON.parse(JSON.stringify(frame.toRecords()[i]));
}

export const row = jsonRow(houses, 1);

/** A bare connection, for what no HTTP client would send. */
export function rawConnection({ port }: Pick<Server, 'port'>): Socket & { closed_: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed_ = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  return Object.assign(socket, { closed_ });
}
