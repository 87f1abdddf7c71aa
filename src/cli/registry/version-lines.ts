import type { ModelVersion, RegisteredModel, RegistryEvent } from '../../store/registry/registry.ts';
import { jsonText } from '../json-text.ts';
import { layOut, shorten, shortNumber } from '../layout.ts';

/** `2026-05-01 12:30`, UTC. */
export function shortTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** `12.3 kB` */
export function shortBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

export function modelLines(models: readonly RegisteredModel[]): string[] {
  const rows = models.map(({ name, newest, versions, aliases }) => [
    name,
    String(versions),
    `${newest.version}`,
    shortTime(newest.createdAt),
    newest.model,
    Object.entries(aliases)
      .map(([alias, version]) => `${alias} ${version}`)
      .join(', '),
  ]);
  const header = ['name', 'versions', 'newest', 'registered (UTC)', 'model', 'aliases'];
  return layOut([header, ...rows], ['left', 'right', 'right', 'left', 'left', 'left']);
}

export function versionLines(versions: readonly ModelVersion[]): string[] {
  const rows = versions.map((version) => [
    String(version.version),
    shortTime(version.createdAt),
    version.aliases.join(', '),
    mainMetrics(version),
    shortBytes(version.bytes),
    shorten(version.note, 50),
  ]);
  const header = ['version', 'registered (UTC)', 'aliases', 'metrics', 'size', 'note'];
  return layOut([header, ...rows], ['right', 'left', 'left', 'left', 'right', 'left']);
}

export function detailLines(version: ModelVersion, path: string): string[] {
  const { lineage } = version;
  const rows: [string, string | undefined][] = [
    ['model', `${version.name}@${version.version} (${version.model})`],
    ['registered', `${shortTime(version.createdAt)} UTC`],
    ['aliases', version.aliases.join(', ') || 'none'],
    ...listed('tags', version.tags, String),
    ...listed('metrics', version.metrics, shortNumber),
    ['data', lineage.dataSource],
    ['data rows', lineage.rows === undefined ? undefined : String(lineage.rows)],
    ['fingerprint', lineage.dataFingerprint],
    ['trained by', lineage.heddle === undefined ? undefined : `heddle ${lineage.heddle}`],
    ['parent', lineage.parent === undefined ? undefined : `${version.name}@${lineage.parent}`],
    ['split', lineage.split && jsonText(lineage.split)],
    ['options', lineage.options && jsonText(lineage.options)],
    ['note', version.note || undefined],
    ['file', `${path} (${shortBytes(version.bytes)})`],
    ['sha256', version.digest],
  ];
  const said = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return layOut(
    said.map(([what, value]) => [what, printable(value)]),
    ['left', 'left'],
  );
}

export function eventLines(events: readonly RegistryEvent[]): string[] {
  const rows = events.map((event) => [
    shortTime(event.at),
    String(event.version),
    whatHappened(event),
    shorten(printable(event.reason), 240),
  ]);
  return layOut([['at (UTC)', 'version', 'what', 'reason'], ...rows], ['left', 'right', 'left', 'left']);
}

function whatHappened({ kind, alias, from, version }: RegistryEvent): string {
  if (kind === 'alias-set') return `${alias} ${from === null ? 'set' : `moved from ${from} to ${version}`}`;
  return kind === 'alias-removed' ? `${alias} removed` : kind;
}

/** Entries one a line, the heading on the first. */
function listed<V>(
  heading: string,
  values: Readonly<Record<string, V>>,
  show: (value: V) => string,
): [string, string][] {
  return Object.entries(values).map(([name, value], i) => [i === 0 ? heading : '', `${name} ${show(value)}`]);
}

/** The first figures, which are those that a training reports first. */
function mainMetrics({ metrics }: ModelVersion): string {
  return Object.entries(metrics)
    .slice(0, 2)
    .map(([name, value]) => `${name} ${shortNumber(value)}`)
    .join(', ');
}

/** On one line, without what steers a terminal: parts of a model file are anybody's. */
function printable(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/\p{Control}/gu, '�');
}
