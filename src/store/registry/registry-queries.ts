import { OptionError, suggestion } from '../../core/errors.ts';
import { LATEST, parseReference } from './model-reference.ts';
import type { ModelVersion, RegisteredModel, RegistryEvent } from './registry.ts';
import type { RegistryDatabase, Row } from './registry-database.ts';

const selectVersions = `
  SELECT v.*, (
    SELECT json_group_array(alias ORDER BY alias) FROM heddle_aliases a WHERE a.name = v.name AND a.version = v.version
  ) AS aliases
  FROM heddle_versions v`;

/** Newest first. */
export function versionsOf(database: RegistryDatabase, name: string): ModelVersion[] {
  return database.all(`${selectVersions} WHERE name = ? ORDER BY version DESC`, name).map(toVersion);
}

export function findVersion(
  database: RegistryDatabase,
  name: string,
  version: number,
): ModelVersion | undefined {
  const row = database.get(`${selectVersions} WHERE name = ? AND version = ?`, name, version);
  return row && toVersion(row);
}

function newestVersion(database: RegistryDatabase, name: string): ModelVersion | undefined {
  const row = database.get(`${selectVersions} WHERE name = ? ORDER BY version DESC LIMIT 1`, name);
  return row && toVersion(row);
}

/** Every version of every name. */
export function allVersions(database: RegistryDatabase): ModelVersion[] {
  return database.all(`${selectVersions} ORDER BY name, version`).map(toVersion);
}

/** Names that have a version, in their order. */
export function listModels(database: RegistryDatabase): RegisteredModel[] {
  const rows = database.all(`${selectVersions} JOIN (
      SELECT name, max(version) AS newest, count(*) AS versions FROM heddle_versions GROUP BY name
    ) n ON n.name = v.name AND n.newest = v.version ORDER BY v.name`);
  const counts = database.all('SELECT name, count(*) AS n FROM heddle_versions GROUP BY name');
  const versions = new Map(counts.map(({ name, n }) => [name, n as number]));
  const aliases = new Map<string, [string, number][]>();
  for (const { name, alias, version } of database.all('SELECT * FROM heddle_aliases ORDER BY alias')) {
    aliases.set(name as string, [
      ...(aliases.get(name as string) ?? []),
      [alias as string, version as number],
    ]);
  }
  return rows.map(toVersion).map((newest) => ({
    name: newest.name,
    newest,
    versions: versions.get(newest.name) ?? 1,
    aliases: Object.fromEntries(aliases.get(newest.name) ?? []),
  }));
}

/** @throws OptionError naming what there is */
export function resolveReference(database: RegistryDatabase, reference: string): ModelVersion {
  const { name, alias, version } = parseReference(reference);
  if (version !== undefined) return requireVersion(database, name, version);
  const row = database.get(
    'SELECT version FROM heddle_aliases WHERE name = ? AND alias = ?',
    ...[name, alias ?? 'champion'],
  );
  if (row !== undefined) return requireVersion(database, name, row.version as number);
  requireName(database, name);
  const isNewest = alias === undefined || alias === LATEST;
  const newest = isNewest ? newestVersion(database, name) : undefined;
  if (newest !== undefined) return newest;
  const known = aliasesOf(database, name);
  throw new OptionError(
    isNewest ? 'registry/unknown-version' : 'registry/unknown-alias',
    isNewest
      ? `Every version of '${name}' was removed.`
      : `'${name}' has no alias '${alias}'.${suggestion(alias, known)} ` +
          `${known.length === 0 ? 'It has none' : `It has ${known.join(', ')}`}; versions are ${shownVersions(database, name)}.`,
    { name, alias: alias ?? null },
  );
}

/** @throws OptionError naming the versions there are */
export function requireVersion(database: RegistryDatabase, name: string, version: number): ModelVersion {
  const found = Number.isSafeInteger(version) ? findVersion(database, name, version) : undefined;
  if (found !== undefined) return found;
  requireName(database, name);
  throw new OptionError(
    'registry/unknown-version',
    `'${name}' has no version ${version}; versions are ${shownVersions(database, name)}.`,
    { name, version },
  );
}

/** @throws OptionError with the nearest name */
export function requireName(database: RegistryDatabase, name: string): void {
  if (database.get('SELECT 1 FROM heddle_models WHERE name = ?', name) !== undefined) return;
  const names = database.all('SELECT name FROM heddle_models ORDER BY name').map((row) => row.name as string);
  const some = `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
  throw new OptionError(
    'registry/unknown-name',
    `The registry has no model '${name}'.${suggestion(name, names)} ${names.length === 0 ? 'It is empty.' : `It has ${some}.`}`,
    { name },
  );
}

export function historyOf(database: RegistryDatabase, name: string): RegistryEvent[] {
  requireName(database, name);
  const rows = database.all('SELECT * FROM heddle_events WHERE name = ? ORDER BY id', name);
  return rows.map(({ at, kind, version, alias, previous, reason }) => ({
    at: at as string,
    kind: kind as RegistryEvent['kind'],
    version: version as number,
    alias: alias as string | null,
    from: previous as number | null,
    reason: reason as string,
  }));
}

function aliasesOf(database: RegistryDatabase, name: string): string[] {
  const rows = database.all('SELECT alias FROM heddle_aliases WHERE name = ? ORDER BY alias', name);
  return rows.map(({ alias }) => alias as string);
}

/** `1 to 12`, with what was removed in between named by nobody. */
function shownVersions(database: RegistryDatabase, name: string): string {
  const { low, high } = database.get(
    'SELECT min(version) AS low, max(version) AS high FROM heddle_versions WHERE name = ?',
    name,
  )!;
  if (low === null) return 'none (all were removed)';
  return low === high ? `${low} only` : `${low} to ${high}`;
}

function toVersion(row: Row): ModelVersion {
  const json = <T>(field: string): T => JSON.parse(row[field] as string) as T;
  return {
    name: row.name as string,
    version: row.version as number,
    createdAt: row.created as string,
    digest: row.digest as string,
    bytes: row.bytes as number,
    model: row.model as string,
    aliases: json('aliases'),
    tags: json('tags'),
    metrics: json('metrics'),
    lineage: json('lineage'),
    note: row.note as string,
  };
}
