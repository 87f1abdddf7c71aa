import fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { DataError } from '../core/errors.ts';
import type { App, ServeContext } from './context.ts';
import { feedbackRoute } from './feedback-route.ts';
import { errorReply } from './http/error-reply.ts';
import { type BodyFailure, readBody } from './http/read-body.ts';
import { shownKey } from './http/shown-key.ts';
import { addDocsPage } from './open-api/docs-page.ts';
import { openApi } from './open-api/open-api.ts';
import { type PredictBody, predictRoute } from './predict/predict-route.ts';
import type { BatcherOf } from './predict/row-batchers.ts';
import { addStatusRoutes } from './status-routes.ts';

/** How long a connection may be silent between requests. */
const KEEP_ALIVE_MS = 72_000;
/** Whatever a request is, it has arrived by then; the rules for bodies are stricter. */
const LONGEST_REQUEST_MS = 300_000;
/** Open connections, most of them silent; each holds some kilobytes. Further ones are closed at once. */
const MOST_CONNECTIONS = 20_000;
const MINUTE_MS = 60_000;

/** The HTTP side of a server, ready to listen. */
export async function makeApp(
  context: ServeContext,
  batcherOf: BatcherOf,
  /** Requests a minute where the settings do not say. */
  usualRate: number,
): Promise<App> {
  const { settings } = context;
  const app = fastify({
    logger:
      settings.logLevel === 'silent'
        ? false
        : { level: settings.logLevel, stream: settings.logStream ?? process.stderr },
    // Requests are logged below, in one line each and without what they hold.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.bodyLimit,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: LONGEST_REQUEST_MS,
    // What comes on an open connection while the server closes is answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    http: {
      headersTimeout: settings.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, settings.headersTimeoutMs / 2),
    },
  }) as unknown as App;
  app.server.maxConnections = MOST_CONNECTIONS;
  app.decorateRequest('work', null);
  app.decorateRequest('keyName', null);
  addErrors(app);
  addBodies(app, context);
  addHooks(app, context);
  const perMinute = settings.rateLimit ?? usualRate;
  if (perMinute > 0) {
    const { default: rateLimit } = await import('@fastify/rate-limit');
    await app.register(rateLimit, {
      max: perMinute,
      timeWindow: MINUTE_MS,
      cache: 10_000,
      keyGenerator: (request) => request.keyName ?? request.ip,
      allowList: (request) => isOpen(request.routeOptions.url),
      errorResponseBuilder: (_, { after }) =>
        new DataError('request/rate', `More than ${perMinute} requests a minute. Try again in ${after}.`),
    });
  }
  const takesWork = { onRequest: admit(context) };
  app.post('/predict', takesWork, predictRoute(context, batcherOf));
  app.post('/feedback', takesWork, feedbackRoute(context));
  addStatusRoutes(app, context);
  if (settings.docs !== 'none') {
    const document = () =>
      openApi(context.slot.current.model, {
        maxRows: settings.maxRows,
        needsKey: context.keys !== undefined,
        takesFeedback: context.log !== undefined,
      });
    app.get('/openapi.json', async () => document());
    addDocsPage(app, document);
  }
  return app;
}

/** Routes that need no key and have no limit: whoever runs the server asks them all the time. */
function isOpen(route: string | undefined): boolean {
  return route === '/healthz' || route === '/readyz';
}

function isDocs(route: string | undefined): boolean {
  return route !== undefined && (route === '/openapi.json' || route.startsWith('/docs'));
}

function addHooks(app: App, { keys, settings, state, metrics }: ServeContext): void {
  app.addHook('onRequest', (request, reply, done) => {
    // Clients with open connections look for another server.
    if (state.phase === 'draining') reply.header('connection', 'close');
    const { url } = request.routeOptions;
    const needsKey = !isOpen(url) && !(settings.docs === 'public' && isDocs(url));
    if (keys === undefined || !needsKey) {
      done();
      return;
    }
    try {
      request.keyName = keys.check(shownKey(request.headers));
      done();
    } catch (error) {
      reply.header('www-authenticate', 'Bearer');
      done(error as Error);
    }
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const { statusCode, elapsedTime } = reply;
    metrics.answered(route, statusCode, elapsedTime / 1000);
    // The URL itself may hold what nobody wants to keep.
    request.log.info(
      {
        ...{ method: request.method, route, status: statusCode, ms: Math.round(elapsedTime * 100) / 100 },
        ...(request.work !== null && { rows: request.work.rows }),
        ...(request.keyName !== null && { key: request.keyName }),
      },
      'request',
    );
    done();
  });
}

/** Lets a request in while there is room. */
function admit({ gate }: ServeContext) {
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    try {
      const ticket = gate.enter();
      request.work = { ticket, rows: 0 };
      reply.raw.once('close', () => gate.leave(ticket));
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}

function addBodies(app: App, { settings, gate }: ServeContext): void {
  app.removeAllContentTypeParsers();
  const rules = { limit: settings.bodyLimit, timeoutMs: settings.requestTimeoutMs };
  for (const [type, kind] of [
    ['application/json', 'json'],
    ['text/csv', 'csv'],
  ] as const) {
    app.addContentTypeParser(type, (request, payload, done) => {
      if (request.work === null || (kind === 'csv' && request.routeOptions.url !== '/predict')) {
        done(mediaType());
        return;
      }
      readBody(payload, rules, { gate, ticket: request.work.ticket }, (failure, bytes) => {
        // An error given to `done` would close the connection, which loses the answer to a client that still sends.
        done(null, failure === undefined ? { kind, bytes } : { kind: 'failed', ...failure });
      });
    });
  }
  app.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (request.routeOptions.url === '/predict') done(null, { kind: 'lines', stream: payload });
    else done(mediaType());
  });
  app.addHook('preHandler', (request, reply, done) => {
    const body = request.body as PredictBody | FailedBody | undefined;
    if (request.work === null || (body !== undefined && body.kind !== 'failed')) {
      done();
      return;
    }
    if (body?.isOver) reply.header('connection', 'close');
    // A body without a type, or none at all, is of no type that is taken.
    done(body === undefined ? mediaType() : body.error);
  });
}

type FailedBody = BodyFailure & { readonly kind: 'failed' };

function mediaType(): DataError {
  return new DataError(
    'request/media-type',
    'The body is application/json, text/csv or application/x-ndjson (/feedback takes JSON only), as Content-Type has to say.',
  );
}

function addErrors(app: App): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = errorReply(error);
    if (status >= 500 && status !== 503) request.log.error({ err: error }, 'failed');
    reply.code(status).type('application/json; charset=utf-8');
    if (status === 503) reply.header('retry-after', '1');
    reply.send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?');
    const others = (['GET', 'POST'] as const).filter(
      (method) => app.findRoute({ method, url: path! }) !== null,
    );
    const error =
      others.length > 0
        ? new DataError('request/wrong-method', `This address takes ${others.join(', ')} only.`)
        : new DataError(
            'request/not-found',
            'There is nothing here. The routes: POST /predict, /feedback; GET /model, /healthz, /readyz, /metrics, /openapi.json, /docs.',
          );
    if (others.length > 0) reply.header('allow', others.join(', '));
    const { status, body } = errorReply(error);
    reply.code(status).type('application/json; charset=utf-8').send(body);
  });
}
