import { OptionError } from '../../core/errors.ts';
import type { RegistryEvent } from './registry.ts';
import type { RegistryDatabase } from './registry-database.ts';

/** Parts of transactions that change a registry. */

/** The number after the last one ever given to `name`. */
export function nextVersion(database: RegistryDatabase, name: string): number {
  const row = database.get(
    'INSERT INTO heddle_models VALUES (?, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last',
    name,
  );
  return row!.last as number;
}

function aliasTarget(database: RegistryDatabase, name: string, alias: string): number | null {
  const row = database.get('SELECT version FROM heddle_aliases WHERE name = ? AND alias = ?', name, alias);
  return (row?.version as number | undefined) ?? null;
}

/** Refuses a move by someone who has not seen the last one. @throws OptionError `registry/alias-moved` */
export function requireTarget(
  database: RegistryDatabase,
  {
    name,
    alias,
    expected,
  }: { readonly name: string; readonly alias: string; readonly expected: number | null },
): void {
  const found = aliasTarget(database, name, alias);
  if (found === expected) return;
  const say = (version: number | null) => (version === null ? 'nowhere' : `to version ${version}`);
  throw new OptionError(
    'registry/alias-moved',
    `${name}@${alias} points ${say(found)}, not ${say(expected)} as expected: someone else moved it. Look again, then decide.`,
    { name, alias, expected, found },
  );
}

/** Points an alias to a version and notes it; nothing when it points there already. */
export function moveAlias(
  database: RegistryDatabase,
  {
    name,
    alias,
    version,
    at,
    reason,
  }: {
    readonly name: string;
    readonly alias: string;
    readonly version: number;
    readonly at: string;
    readonly reason: string;
  },
): void {
  const from = aliasTarget(database, name, alias);
  if (from === version) return;
  database.run(
    'INSERT INTO heddle_aliases VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
    ...[name, alias, version],
  );
  addEvent(database, name, { at, kind: 'alias-set', version, alias, from, reason });
}

export function versionInUse(name: string, version: number, aliases: readonly string[]): OptionError {
  return new OptionError(
    'registry/version-in-use',
    `${name}@${version} cannot be removed: ${aliases.map((alias) => `'${alias}'`).join(', ')} ${aliases.length === 1 ? 'points' : 'point'} ` +
      'to it. Move or remove the alias first.',
    { name, version, aliases },
  );
}

/** Adds to the history. */
export function addEvent(database: RegistryDatabase, name: string, event: RegistryEvent): void {
  const { at, kind, version, alias, from, reason } = event;
  database.run(
    'INSERT INTO heddle_events (name, at, kind, version, alias, previous, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[name, at, kind, version, alias, from, reason],
  );
}
