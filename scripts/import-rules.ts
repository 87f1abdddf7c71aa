/** Folders of `src/`, from the bottom up: a folder imports from itself and from rows above its own, never from its row. */
const ranks: readonly (readonly string[])[] = [
  ['core'],
  ['kernels'],
  ['math', 'jobs'],
  ['define'],
  ['tensor', 'data', 'metrics', 'draw'],
  ['prepare', 'nets', 'environments'],
  ['models'],
  ['select', 'store'],
  ['monitor'],
  ['serve'],
  ['cli'],
];

/** Folders whose subfolders know nothing of one another: what two of them share moves down. */
const apart = ['prepare', 'models'];

const registry = 'src/models/registry.ts';
/** The registry knows every model, so whoever reads it depends on all; only these may. */
const registryReaders = [
  /^src\/(?:select|store|serve|cli)\//,
  /^src\/index\.ts$/,
  /^src\/jobs\/coordinator\.ts$/,
  /^(?:testing|bench|examples|scripts|docs)\//,
];

/**
 * Why the file `from` may not import the file `to`, or undefined when it may. Paths are relative to the repository, with
 * `/`. Tests and their fixtures (`x.test.ts`, `x.fixture.ts`) may look anywhere; nothing but a test imports them.
 */
export function forbids(from: string, to: string): string | undefined {
  if (isTest(from)) return undefined;
  if (isTest(to)) return 'only tests import tests and their fixtures';
  if (to === registry) {
    return registryReaders.some((reader) => reader.test(from))
      ? undefined
      : 'only select, store, serve, cli, testing, src/index.ts and the entry of job workers read the registry of models';
  }
  const [fromTop, fromFolder, fromChild] = from.split('/');
  const [toTop, toFolder, toChild] = to.split('/');
  if (toTop !== 'src') {
    if (fromTop === 'src') return 'src/ is published by itself';
    if (fromTop === 'testing' && toTop !== 'testing') return 'testing/ is published with src/ only';
    return undefined;
  }
  if (fromTop !== 'src' || from === 'src/index.ts') return undefined;
  if (to === 'src/index.ts') return 'src/index.ts gathers everything; import the file that declares the name';
  const fromRank = rankOf(fromFolder!);
  const toRank = rankOf(toFolder!);
  if (fromRank < 0) return `src/${fromFolder} has no rank in scripts/import-rules.ts`;
  if (toRank < 0) return `src/${toFolder} has no rank in scripts/import-rules.ts`;
  if (toRank > fromRank) return `${fromFolder} is below ${toFolder}`;
  if (fromFolder !== toFolder) {
    return toRank === fromRank ? `${fromFolder} and ${toFolder} stand side by side` : undefined;
  }
  const siblings =
    apart.includes(fromFolder!) && isFolder(fromChild) && isFolder(toChild) && fromChild !== toChild;
  return siblings
    ? `${fromFolder}/${fromChild} and ${toFolder}/${toChild} are siblings; move what they share down`
    : undefined;
}

function isTest(path: string): boolean {
  return /\.(?:test|fixture)\.[jt]s$/.test(path);
}

function rankOf(folder: string): number {
  return ranks.findIndex((row) => row.includes(folder));
}

function isFolder(segment: string | undefined): boolean {
  return segment !== undefined && !/\.[jt]s$/.test(segment);
}
