import type { FastifyReply } from 'fastify';
import { heddleVersion } from '../core/version.ts';
import type { App, ServeContext } from './context.ts';
import type { ServedColumn } from './model/served-column.ts';
import type { ServedModel } from './model/served-model.ts';

/** `GET /model`, `/healthz`, `/readyz` and `/metrics`. */
export function addStatusRoutes(app: App, { slot, state, metrics }: ServeContext): void {
  app.get('/model', async () => describeModel(slot.current.model));
  // The process answers: it need not be started anew.
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply: FastifyReply) => {
    const { name, version } = slot.current.model.identity;
    if (state.phase === 'draining') reply.code(503);
    return {
      status: state.phase,
      model: { name, version },
      /** Why the newest version is not the one that is served. */
      failure: slot.failure,
    };
  });
  app.get('/metrics', async (_, reply: FastifyReply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
}

function describeModel(served: ServedModel): object {
  const { identity, columns, target, metrics, model, loadedAt } = served;
  const { name, version, registered } = identity;
  return {
    ...{ name, version },
    model: model.specification.name,
    columns: columns.map(({ levels, range, ...column }) => ({
      ...column,
      ...(levels !== undefined && { levels }),
      ...(range !== undefined && {
        least: bound(column.kind, range[0]),
        largest: bound(column.kind, range[1]),
      }),
    })),
    target: target.name,
    classes: target.classes,
    positiveClass: target.positiveClass,
    metrics,
    training: { rows: model.summary.rows, seconds: model.summary.seconds },
    ...(registered !== undefined && {
      registered: {
        createdAt: registered.createdAt,
        aliases: registered.aliases,
        tags: registered.tags,
        note: registered.note,
      },
    }),
    loadedAt: loadedAt.toISOString(),
    heddle: heddleVersion(),
  };
}

function bound(kind: ServedColumn['kind'], value: number): number | string {
  return kind === 'date' ? new Date(value).toISOString() : value;
}
