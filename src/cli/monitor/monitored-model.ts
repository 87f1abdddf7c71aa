import { basename } from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { logSources } from '../../monitor/log/log-sources.ts';
import type { LogQuery } from '../../monitor/log/prediction-log.ts';
import { loadTrained, type TrainedModel } from '../../monitor/trained-model.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import { modelPlace } from '../registry/model-place.ts';

/** The model whose predictions are looked at. */
export interface MonitoredModel {
  readonly trained: TrainedModel;
  /** As a server logs it. */
  readonly name: string;
  readonly version: number | null;
}

/** A model file, or one of the registry ({@link modelPlace}). @throws FileError, OptionError */
export async function monitoredModel(
  source: string,
  flags: { readonly registry?: string | undefined },
): Promise<MonitoredModel> {
  const place = await modelPlace(source, flags);
  if (place.kind === 'file') {
    const name = basename(source).replace(/\.heddle$/, '');
    return { trained: await loadTrained(place.path), name, version: null };
  }
  using registry = await openRegistry(place.folder, { access: 'read' });
  const found = registry.resolve(place.reference);
  return { trained: await loadTrained(registry.path(found)), name: found.name, version: found.version };
}

/**
 * Which predictions of a log are the model's. A file may have been served under another name; when the log knows one model only, that
 * is the one.
 * @throws OptionError when the log knows others only.
 */
export async function logQueryOf(log: string, { name, version }: MonitoredModel): Promise<LogQuery> {
  const sources = await logSources(log);
  if (version !== null) {
    if (sources.some((source) => source.model === name && source.version === version))
      return { model: name, version };
  } else {
    const models = new Set(sources.map(({ model }) => model));
    if (models.has(name)) return { model: name };
    if (models.size <= 1) return {};
  }
  const known = sources.map(
    (source) => `${source.model}${source.version === null ? '' : `@${source.version}`}`,
  );
  const wanted = version === null ? name : `${name}@${version}`;
  throw new OptionError(
    'monitor/no-predictions',
    `'${log}' has no predictions of ${wanted}. It has those of ${known.join(', ') || 'no model'}.`,
    { option: 'log', model: wanted },
  );
}
