import type { ServeOptions, Server } from '../../serve/index.ts';
import { defineCommand } from '../command.ts';
import { number, onOff, text } from '../flags.ts';
import { type Io, printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { modelNote, modelPlace } from '../registry/model-place.ts';
import { registryFlag } from '../registry/registry-place.ts';

const MEBIBYTE = 2 ** 20;

export const serveModel = defineCommand({
  name: 'serve',
  parameters: ['MODEL'],
  summary: 'Answers requests over HTTP with a model of a file or a registry.',
  flags: {
    ...registryFlag,
    port: number('N', 'Port to listen on, 8080 by default; 0 for any that is free'),
    host: text('ADDRESS', 'Address to listen on, 127.0.0.1 by default; 0.0.0.0 for all, which needs --keys'),
    keys: text('FILE', 'File of the keys that clients show; `heddle serve keys add` makes them'),
    'no-auth': onOff('Let everybody ask, beyond this machine too'),
    log: text('FILE', 'Keep predictions with their rows, and feedback, in this SQLite file'),
    'rate-limit': number('N', 'Requests a minute for each key or address; 0: no limit'),
    'max-rows': number('N', 'Most rows of one request, 10000 by default'),
    'max-in-flight': number('N', 'Requests in work at a time, 1000 by default; 503 beyond'),
    'body-limit': number('MIB', 'Largest body of a request in MiB, 10 by default'),
    timeout: number('S', 'Seconds that a request may take, 30 by default'),
    'drain-grace': number('S', 'Seconds between "not ready" and the last request taken, 1 by default'),
    'drain-deadline': number('S', 'Seconds until what is still in work is cut off, 10 by default'),
    docs: text('WHO', 'Who sees /docs and /openapi.json: protected (by a key, if any), public or none'),
    'log-level': text('LEVEL', 'What goes to stderr: silent, error, warn, info (each request) or debug'),
    'log-values': onOff('Write rows and predictions to stderr too'),
    json: onOff('Print one object for programs when the server is ready'),
  },
  notes: [
    modelNote,
    'When its alias moves, the server goes over to the new version without losing a request. SIGTERM or Ctrl-C close it in order.',
    'POST /predict takes {"row": {…}}, {"rows": […]}, CSV or lines of JSON; /docs is a page to try it.',
    '`heddle serve keys` makes, lists and removes keys.',
  ],
  examples: [
    'heddle serve house.heddle',
    'heddle serve house@champion --registry models --log predictions.db',
    'heddle serve house --host 0.0.0.0 --keys keys.json',
  ],
  async run([model], flags, io) {
    const place = await modelPlace(model!, flags);
    const given = {
      registry: place.kind === 'file' ? undefined : place.folder,
      ...{ port: flags.port, host: flags.host, keys: flags.keys, log: flags.log },
      auth: flags['no-auth'] ? 'none' : undefined,
      rateLimit: flags['rate-limit'],
      maxRows: flags['max-rows'],
      maxRequestsInFlight: flags['max-in-flight'],
      bodyLimit: times(flags['body-limit'], MEBIBYTE),
      requestTimeoutMs: times(flags.timeout, 1000),
      drainGraceMs: times(flags['drain-grace'], 1000),
      drainDeadlineMs: times(flags['drain-deadline'], 1000),
      docs: flags.docs,
      logLevel: flags['log-level'] ?? 'info',
      logValues: flags['log-values'] || undefined,
      logStream: io.stderr,
    };
    const present = Object.entries(given).filter(([, value]) => value !== undefined);
    const { serve } = await import('../../serve/index.ts');
    const server = await serve(
      place.kind === 'file' ? place.path : place.reference,
      Object.fromEntries(present) as ServeOptions,
    );
    const stopped = untilStopped(io);
    announce(server, flags.json, io);
    await stopped;
    await server.close();
  },
});

function times(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * unit);
}

function announce({ url, model }: Server, asJson: boolean, io: Io): void {
  if (asJson) {
    printLine(io.stdout, jsonText({ url, model }));
    return;
  }
  const name = model.version === null ? model.name : `${model.name} version ${model.version}`;
  printLine(io.stdout, `${name} answers at ${url} (try it: ${url}/docs)`);
}

/** Resolves when the process is told to end. A second signal ends it at once. */
async function untilStopped({ signal }: Io): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
