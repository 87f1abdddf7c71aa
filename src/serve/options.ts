import { z } from 'zod';
import { option } from '../core/options.ts';
import type { PredictionLog } from '../monitor/log/prediction-log.ts';
import type { LoadOptions } from '../store/model-file.ts';
import type { Registry } from '../store/registry/registry.ts';

const count = z.int().positive();
const milliseconds = z
  .number()
  .positive()
  .max(2 ** 31 - 1);
const MEBIBYTE = 2 ** 20;

/** A value that is used as it is; only whether it is an object is checked. */
const handle = <T extends object>() =>
  z.custom<T>((value) => typeof value === 'object' && value !== null, 'An object is needed');

/** Options of `serve`. */
export const serveOptions = z.strictObject({
  registry: option(
    z.union([z.string().min(1), handle<Registry>()]).optional(),
    'Folder of the registry that the model is in; the source is then NAME, NAME@ALIAS or NAME@VERSION.',
  ),
  name: option(
    z.string().min(1).max(200).optional(),
    'What a model file is called; default: the name of the file.',
  ),
  host: option(z.string().min(1).default('127.0.0.1'), 'Address to listen on; 0.0.0.0 or :: for all.'),
  port: option(z.int().min(0).max(65_535).default(8080), 'Port to listen on; 0 for any that is free.'),
  keys: option(z.string().min(1).optional(), 'File of the keys that clients show (`heddle serve keys add`).'),
  auth: option(
    z.enum(['auto', 'none']).default('auto'),
    'auto: keys are needed where there is a file of keys, and there must be one to listen beyond this machine; none: no keys anywhere.',
  ),
  log: option(
    z.union([z.string().min(1), handle<PredictionLog>()]).optional(),
    'SQLite file that keeps predictions with their rows, and feedback.',
  ),
  docs: option(
    z.enum(['protected', 'public', 'none']).default('protected'),
    'Whether the page to try the model and its OpenAPI document need a key, or are not there.',
  ),
  bodyLimit: option(
    count.default(10 * MEBIBYTE),
    'Largest body of a request, and largest line of a stream, in bytes.',
  ),
  maxRows: option(count.default(10_000), 'Most rows of one request; a stream of lines has no end.'),
  maxRequestsInFlight: option(count.default(1000), 'Requests in work at a time; 503 beyond.'),
  maxRowsInFlight: option(count.default(100_000), 'Rows in work at a time; 503 beyond.'),
  maxBytesInFlight: option(count.default(256 * MEBIBYTE), 'Bytes of bodies held at a time; 503 beyond.'),
  rateLimit: option(
    z.int().nonnegative().optional(),
    'Requests a minute for each key, or address where there are no keys; 0: no limit. Default: 6000 beyond this machine, else none.',
  ),
  requestTimeoutMs: option(
    milliseconds.default(30_000),
    'How long a request may take to arrive (408), and then to be answered (503).',
  ),
  headersTimeoutMs: option(
    milliseconds.default(10_000),
    'How long the head of a request may take to arrive.',
  ),
  pollMs: option(milliseconds.default(2000), 'How often to look whether the alias has moved.'),
  drainGraceMs: option(
    z.number().nonnegative().max(600_000).default(1000),
    'When closing: how long the server still takes requests while it already says that it is not ready.',
  ),
  drainDeadlineMs: option(
    milliseconds.default(10_000),
    'When closing: after how long what is still in work is cut off.',
  ),
  logLevel: option(
    z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('silent'),
    'What is written to `logStream`, one JSON object a line; requests at info.',
  ),
  logValues: option(
    z.boolean().default(false),
    "Whether those lines hold the requests' rows and the predictions.",
  ),
  logStream: option(
    handle<{ write(text: string): void }>().optional(),
    'Where the lines go; default: standard error.',
  ),
  models: option(
    z.custom<LoadOptions['models']>(Array.isArray, 'A list is needed').optional(),
    "Models that are not heddle's own: what their `define…` returned.",
  ),
  functions: option(
    handle<NonNullable<LoadOptions['functions']>>().optional(),
    "Functions that the model's options named when it was saved.",
  ),
});

export type ServeOptions = z.input<typeof serveOptions>;
export type ParsedServeOptions = z.output<typeof serveOptions>;
