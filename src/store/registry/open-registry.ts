import { mkdir } from 'node:fs/promises';
import { resolve as absolute, dirname } from 'node:path';
import { syncFolder, writeFileAtomic } from '../../core/atomic-file.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import {
  decodeModel,
  type LoadOptions,
  readModelFile,
  restoreSaved,
  type SavedModel,
} from '../model-file.ts';
import { checkFacts, checkTags, checkText, mostOf } from './check-facts.ts';
import { checkAlias, checkName } from './model-reference.ts';
import { type ObjectStore, objectStore, sha256 } from './object-store.ts';
import { pruneObjects } from './prune-objects.ts';
import { recordedFacts } from './recorded-facts.ts';
import type { Registry } from './registry.ts';
import { addEvent, moveAlias, nextVersion, requireTarget, versionInUse } from './registry-changes.ts';
import { openDatabase, type RegistryAccess, type RegistryDatabase } from './registry-database.ts';
import {
  findVersion,
  historyOf,
  listModels,
  requireName,
  requireVersion,
  resolveReference,
  versionsOf,
} from './registry-queries.ts';
import { verifyObjects } from './verify-objects.ts';

export interface RegistryOptions {
  /** `write` (the default) makes the folder where it is absent; `read` changes nothing and works in a folder that is not writable. */
  readonly access?: RegistryAccess | undefined;
}

/**
 * Opens a registry of model versions, or begins it: `registry.db` (SQLite, write-ahead log, synchronous FULL) and `objects/`. A model
 * file is on the disk before the row that names it is committed, so that no row lacks its file; any number of processes may
 * work at once, on one machine (SQLite's log does not work across a network file system).
 * @throws FileError when the folder cannot be used, holds no registry (`read`) or one of a newer heddle.
 */
export async function openRegistry(
  folder: string,
  { access = 'write' }: RegistryOptions = {},
): Promise<Registry> {
  const place = absolute(folder);
  if (access === 'write') await makeFolder(place);
  const database = await openDatabase(place, access);
  const objects = objectStore(place);
  if (access === 'write') await objects.sweep();
  return registryOn(place, database, objects);
}

async function makeFolder(place: string): Promise<void> {
  try {
    const made = await mkdir(place, { recursive: true });
    if (made !== undefined) await syncFolder(dirname(made));
  } catch (error) {
    throw fileErrorFrom(error, place, 'write');
  }
}

function registryOn(folder: string, database: RegistryDatabase, objects: ObjectStore): Registry {
  return {
    folder,
    async register(name, file, facts = {}) {
      const model = checkName(name, 'name of a model');
      const bytes = await readModelFile(file);
      const saved = decodeModel(bytes, file);
      await requireLoadable(saved, file);
      const digest = await sha256(bytes);
      const checked = checkFacts(facts, recordedFacts(saved));
      for (;;) {
        await objects.put(digest, bytes);
        const made = await database.writeWhenFree(() => {
          // Pruned meanwhile, before a row named it; while this transaction lasts nobody prunes.
          if (!objects.has(digest)) return undefined;
          const at = now();
          const version = nextVersion(database, model);
          database.run(
            'INSERT INTO heddle_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            ...[model, version, at, digest, bytes.length, saved.record.specification.$model],
            ...[JSON.stringify(checked.tags), checked.metrics, checked.lineage, checked.note],
          );
          const event = {
            at,
            kind: 'registered',
            version,
            alias: null,
            from: null,
            reason: checked.note,
          } as const;
          addEvent(database, model, event);
          for (const alias of checked.aliases)
            moveAlias(database, { name: model, alias, version, at, reason: checked.note });
          return version;
        });
        if (made !== undefined) return findVersion(database, model, made)!;
      }
    },
    models: () => listModels(database),
    versions: (name) => {
      const model = checkName(name, 'name of a model');
      requireName(database, model);
      return versionsOf(database, model);
    },
    resolve: (reference) => resolveReference(database, reference),
    path: ({ digest }) => objects.path(digest),
    async copy(reference, file) {
      const version = resolveReference(database, reference);
      await writeFileAtomic(file, await objects.read(version.digest));
      return version;
    },
    async load(reference: string, options: LoadOptions = {}) {
      const version = resolveReference(database, reference);
      const path = objects.path(version.digest);
      const model = await restoreSaved(decodeModel(await objects.read(version.digest), path), path, options);
      return { version, model };
    },
    setAlias(name, alias, version, { expected, reason = '' } = {}) {
      const [model, pointer, why] = [
        checkName(name, 'name of a model'),
        checkAlias(alias),
        checkText('reason', reason),
      ];
      database.write(() => {
        requireVersion(database, model, version);
        if (expected !== undefined) requireTarget(database, { name: model, alias: pointer, expected });
        moveAlias(database, { name: model, alias: pointer, version, at: now(), reason: why });
      });
    },
    removeAlias(name, alias, reason = '') {
      const [model, pointer, why] = [
        checkName(name, 'name of a model'),
        checkAlias(alias),
        checkText('reason', reason),
      ];
      database.write(() => {
        // Names the aliases there are when this is none.
        const { version } = resolveReference(database, `${model}@${pointer}`);
        database.run('DELETE FROM heddle_aliases WHERE name = ? AND alias = ?', model, pointer);
        const event = {
          at: now(),
          kind: 'alias-removed',
          version,
          alias: pointer,
          from: version,
          reason: why,
        } as const;
        addEvent(database, model, event);
      });
    },
    setTags(name, version, tags) {
      const model = checkName(name, 'name of a model');
      const changes = checkTags<string | null>(tags);
      return database.write(() => {
        const before = requireVersion(database, model, version);
        const merged = Object.entries({ ...before.tags, ...changes }).filter(([, value]) => value !== null);
        const after = mostOf('tags', Object.fromEntries(merged) as Record<string, string>);
        database.run(
          'UPDATE heddle_versions SET tags = ? WHERE name = ? AND version = ?',
          ...[JSON.stringify(after), model, version],
        );
        const changed = Object.entries(changes).filter(
          ([key, value]) => (before.tags[key] ?? null) !== value,
        );
        if (changed.length > 0) {
          const reason = changed
            .map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`))
            .join(', ');
          addEvent(database, model, { at: now(), kind: 'tagged', version, alias: null, from: null, reason });
        }
        return { ...before, tags: after };
      });
    },
    remove(name, version, reason = '') {
      const [model, why] = [checkName(name, 'name of a model'), checkText('reason', reason)];
      database.write(() => {
        const { aliases } = requireVersion(database, model, version);
        if (aliases.length > 0) throw versionInUse(model, version, aliases);
        database.run('DELETE FROM heddle_versions WHERE name = ? AND version = ?', model, version);
        const event = { at: now(), kind: 'removed', version, alias: null, from: null, reason: why } as const;
        addEvent(database, model, event);
      });
    },
    history: (name) => historyOf(database, checkName(name, 'name of a model')),
    verify: (job = {}) => verifyObjects(database, objects, job),
    prune: () => pruneObjects(database, objects),
    revision: () => {
      // The first counts commits of others, the second changes of this connection.
      const others = database.get('PRAGMA data_version')!.data_version;
      const own = database.get('SELECT total_changes() AS n')!.n;
      return `${others}.${own}`;
    },
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

/** Restores the model once; one of the user's own kind, whose code is not at hand, is checked as far as its record goes. */
async function requireLoadable(saved: SavedModel, file: string): Promise<void> {
  try {
    await restoreSaved(saved, file);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'file/unknown-model' && code !== 'option/missing-function') throw error;
  }
}

function now(): string {
  return new Date().toISOString();
}
