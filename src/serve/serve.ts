import { OptionError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import type { PredictionLog } from '../monitor/log/prediction-log.ts';
import type { ServeContext } from './context.ts';
import { LoadGate } from './http/load-gate.ts';
import { makeMetrics } from './http/metrics.ts';
import { KeyCheck } from './keys/key-check.ts';
import { makeApp } from './make-app.ts';
import { followAlias } from './model/follow-alias.ts';
import { ModelSlot } from './model/model-slot.ts';
import { modelSource } from './model/model-source.ts';
import { type ParsedServeOptions, type ServeOptions, serveOptions } from './options.ts';
import { rowBatchers } from './predict/row-batchers.ts';

/** A server that answers. Closing it with `await using` or `close` loses no request. */
export interface Server extends AsyncDisposable {
  /** `http://HOST:PORT` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** What new requests get now. */
  readonly model: { readonly name: string; readonly version: number | null };
  /** Looks now whether the reference means another version, instead of at the next poll. @returns whether another is served. */
  refresh(): Promise<boolean>;
  /**
   * Closes in order: says at once that it is not ready, takes requests for `drainGraceMs` more, answers what it has taken, writes the
   * log. Ends after `drainDeadlineMs` at the latest.
   */
  close(): Promise<void>;
}

/** Connections that wait to be accepted: many clients that come at once must not have to try again, which takes seconds. */
const BACKLOG = 4096;

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Serves a model over HTTP: `POST /predict` (JSON, CSV, lines of JSON), `POST /feedback`, `GET /model`, `/healthz`, `/readyz`,
 * `/metrics`, `/openapi.json` and a page to try it at `/docs`.
 *
 *     await using server = await serve('house.heddle', { port: 8080 });
 *     await using server = await serve('house@champion', { registry: 'models', keys: 'keys.json', host: '0.0.0.0' });
 *
 * @param source A model file, or with `registry` a reference; when its alias moves, the server goes over to the new version without
 *   losing a request.
 * @throws OptionError for unfit options, and for a host beyond this machine without keys; FileError for files that cannot be used.
 */
export async function serve(source: string, options: ServeOptions = {}): Promise<Server> {
  const settings = parseOptions(serveOptions, options, 'serve');
  const isLocal = loopback.test(settings.host);
  refuseOpenDoor(settings, isLocal);
  const cleanup: (() => unknown)[] = [];
  try {
    return await start(source, settings, { isLocal, cleanup });
  } catch (error) {
    for (const undo of cleanup.reverse()) await undo();
    throw error;
  }
}

interface Start {
  readonly isLocal: boolean;
  /** What ends what was begun, oldest first. */
  readonly cleanup: (() => unknown)[];
}

async function start(
  source: string,
  settings: ParsedServeOptions,
  { isLocal, cleanup }: Start,
): Promise<Server> {
  const from = await modelSource(source, settings);
  cleanup.push(() => from[Symbol.dispose]());
  const slot = new ModelSlot(await from.load());
  cleanup.push(() => slot.current.retire());
  const keys =
    settings.keys === undefined || settings.auth === 'none' ? undefined : await KeyCheck.open(settings.keys);
  const log = await openLog(settings.log, cleanup);
  const gate = new LoadGate({
    requests: settings.maxRequestsInFlight,
    rows: settings.maxRowsInFlight,
    bytes: settings.maxBytesInFlight,
  });
  const waiting = () => batcherOf(slot.current).waiting;
  const metrics = makeMetrics({ slot, gate, log, waiting });
  const batcherOf = rowBatchers({ settings, metrics });
  cleanup.push(() => metrics.clear());
  const context: ServeContext = { settings, slot, gate, metrics, keys, log, state: { phase: 'ready' } };
  const app = await makeApp(context, batcherOf, isLocal ? 0 : 6000);
  cleanup.push(() => app.close());
  await listen(() => app.listen({ host: settings.host, port: settings.port, backlog: BACKLOG }), settings);
  const follower = followAlias(from, slot, {
    pollMs: settings.pollMs,
    events: {
      swapped(before, to) {
        metrics.swapped();
        app.log.info({ from: before, to }, 'model swapped');
      },
      failed(version, error) {
        metrics.swapFailed();
        app.log.error({ version, err: error }, 'a newer version cannot be served');
      },
    },
  });
  cleanup.push(() => follower[Symbol.dispose]());
  cleanup.push(
    watchKeys(keys, settings.pollMs, (error) => app.log.error({ err: error }, 'keys cannot be read')),
  );

  const { port } = app.server.address() as { port: number };
  const host = settings.host.replace(/^\[(.*)\]$/, '$1');
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= drain(context, cleanup, () => app.server.closeAllConnections());
    return closing;
  };
  return {
    ...{ host, port, close, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` },
    get model() {
      const { name, version } = slot.current.model.identity;
      return { name, version };
    },
    refresh: follower.refresh,
    [Symbol.asyncDispose]: close,
  };
}

async function drain(
  { state, settings, gate }: ServeContext,
  cleanup: (() => unknown)[],
  cutOff: () => void,
): Promise<void> {
  state.phase = 'draining';
  const deadline = setTimeout(cutOff, settings.drainDeadlineMs);
  if (settings.drainGraceMs > 0) {
    const grace = Math.min(settings.drainGraceMs, settings.drainDeadlineMs);
    await new Promise((resolve) => setTimeout(resolve, grace));
  }
  // Newest first: the follower, the connections with what is in work, then the log that it went to, the model, the registry.
  const everything = async () => {
    for (const undo of cleanup.reverse()) await undo();
    await gate.idle();
  };
  // A disk that takes no more must not keep the process from ending.
  const last = Promise.withResolvers<void>();
  const lastCall = setTimeout(last.resolve, settings.drainDeadlineMs + LOG_MS);
  try {
    await Promise.race([everything(), last.promise]);
  } finally {
    clearTimeout(deadline);
    clearTimeout(lastCall);
  }
}

/** How long after the deadline the log may still be written. */
const LOG_MS = 2000;

async function openLog(
  log: ParsedServeOptions['log'],
  cleanup: (() => unknown)[],
): Promise<PredictionLog | undefined> {
  if (typeof log !== 'string') {
    // It is the caller's, who closes it.
    if (log !== undefined) cleanup.push(() => log.flush());
    return log;
  }
  const { openPredictionLog } = await import('../monitor/log/open-prediction-log.ts');
  const opened = await openPredictionLog(log);
  cleanup.push(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** A key that is added or removed counts from the next look on. @returns what ends the looking. */
function watchKeys(
  keys: KeyCheck | undefined,
  pollMs: number,
  onError: (error: unknown) => void,
): () => void {
  if (keys === undefined) return () => {};
  const timer = setInterval(() => keys.refresh().catch(onError), pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

function refuseOpenDoor({ host, keys, auth }: ParsedServeOptions, isLocal: boolean): void {
  if (isLocal || keys !== undefined || auth === 'none') return;
  throw new OptionError(
    'serve/no-keys',
    `Beyond this machine (host ${host}) clients must show a key. Make one with \`heddle serve keys add NAME --keys FILE\` and give the ` +
      "file as `keys`; or say with auth: 'none' that everybody may ask.",
    { host },
  );
}

async function listen(open: () => Promise<unknown>, { host, port }: ParsedServeOptions): Promise<void> {
  try {
    await open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: 'another program listens there already. Choose another port, or 0 for any that is free.',
      EACCES: 'that port is not allowed to this user. Choose one from 1024 on.',
      EADDRNOTAVAIL: 'this machine has no such address.',
      ENOTFOUND: 'there is no such host.',
    };
    if (code === undefined || why[code] === undefined) throw error;
    throw new OptionError('serve/cannot-listen', `Cannot listen on ${host}:${port}: ${why[code]}`, {
      host,
      port,
    });
  }
}
