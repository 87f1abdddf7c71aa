import { writeFileAtomic } from '../core/atomic-file.ts';
import { OptionError } from '../core/errors.ts';
import { columnCell, type Frame } from '../core/frame.ts';
import type { ColumnContrast } from '../select/cluster/cluster-profile.ts';
import type { ClusteredTable } from '../select/cluster/cluster-table.ts';
import { clusterTable } from '../select/cluster/cluster-table.ts';
import { defineCommand } from './command.ts';
import { featureFlags, featureOptions } from './features/feature-flags.ts';
import { preparationJson, preparationLines } from './features/preparation-lines.ts';
import { number, onOff, text, texts } from './flags.ts';
import { freeName } from './free-name.ts';
import { type Io, printLine } from './io.ts';
import { jobOptions } from './job-options.ts';
import { jsonText } from './json-text.ts';
import { count, layOut, shorten, shortNumber } from './layout.ts';
import { requireWritable } from './output-path.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';
import { settings } from './settings.ts';
import { writeTable } from './write-table.ts';

/** Clusters shown one by one. */
const SHOWN_CLUSTERS = 20;

export const cluster = defineCommand({
  name: 'cluster',
  parameters: ['DATA'],
  summary: 'Groups the rows of a table that are alike, and tells what sets each group apart.',
  flags: {
    model: text('NAME', 'k-means (the default), mini-batch-k-means or agglomerative'),
    clusters: text('K', 'Number of clusters, or auto (the default) to choose it by the silhouette'),
    ...featureFlags,
    set: texts('NAME=VALUE', 'An option of the model, e.g. linkage=average; may be repeated'),
    seed: number('N', 'Seed of the model and of samples; 42 by default'),
    out: text('FILE', 'Write the table with a column "cluster": .csv, .tsv, .parquet, .json or .ndjson'),
    save: text('FILE', 'Save the model with its preparation, e.g. groups.heddle'),
    dendrogram: text('FILE.svg', 'Draw the tree of merges (agglomerative)'),
    json: onOff('Print one object for programs, with the cluster of every row'),
    threads: number('N', 'Threads to use at most; results do not depend on it'),
    ...readFlags,
  },
  notes: [
    dataNote,
    'Gaps are filled, categories encoded, dates taken apart, numbers standardised. Identifiers, free text, constant and empty columns are left ' +
      'out unless --features names them. A column of answers (a class, a target) is a column like others: drop it to see whether clusters find it again.',
    'k-means keeps the best of 10 starts; --set nInit=1 is faster. The silhouette is taken from 4,000 rows drawn at random where there are more.',
  ],
  examples: [
    'heddle cluster customers.csv --clusters auto',
    'heddle cluster flowers.csv --clusters 3 --drop species --out grouped.csv',
    'heddle cluster flowers.csv --model agglomerative --clusters 3 --dendrogram tree.svg',
    'heddle cluster flowers.csv --model agglomerative --set distanceThreshold=10 --json',
  ],
  async run([data], flags, io) {
    const options = {
      model: flags.model ?? 'k-means',
      modelOptionTexts: settings(flags.set),
      clusters: clustersOf(flags.clusters, flags.set),
      ...featureOptions(flags),
      seed: flags.seed ?? 42,
      keepsModel: flags.save !== undefined,
    };
    for (const path of [flags.out, flags.save, flags.dendrogram]) {
      if (path !== undefined) await requireWritable(path);
    }
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readTable(data!, flags, { io, progress, warnings });
      const found = await clusterTable(
        table,
        options,
        jobOptions('clustering', { io, flags, progress, warnings }),
      );
      progress.wipe();
      if (flags.dendrogram !== undefined) await drawTree(found, table, flags.dendrogram);
      if (flags.out !== undefined) await writeTable(withClusters(table, found.labels), flags.out, io);
      if (flags.save !== undefined) {
        const { saveModel } = await import('../store/model-file.ts');
        await saveModel(found.model!, flags.save);
      }
      const { out = null, save = null, dendrogram = null } = flags;
      const ended = { found, rows: table.rows, warnings, out, save, dendrogram };
      if (flags.json) printLine(io.stdout, jsonText(summary(ended)));
      else report(ended, io);
    } finally {
      progress.wipe();
    }
  },
});

interface Ended {
  readonly found: ClusteredTable;
  readonly rows: number;
  readonly warnings: readonly string[];
  readonly out: string | null;
  readonly save: string | null;
  readonly dendrogram: string | null;
}

function clustersOf(given: string | undefined, set: readonly string[]): number | 'auto' | undefined {
  if (given === undefined) {
    return set.some((setting) => /^\s*(?:distanceThreshold|nClusters)\s*=/.test(setting))
      ? undefined
      : 'auto';
  }
  if (given === 'auto') return 'auto';
  const value = Number(given);
  if (given.trim() !== '' && Number.isInteger(value) && value >= 1) return value;
  throw new OptionError(
    'command/bad-flag',
    `--clusters takes a whole number from 1 on, or auto, not '${given}'.`,
    {
      flag: 'clusters',
    },
  );
}

async function drawTree(
  { linkageMatrix, labels, columns, specification }: ClusteredTable,
  table: Frame,
  path: string,
) {
  if (linkageMatrix === undefined) {
    throw new OptionError(
      'option/conflict',
      `${specification.name} makes no tree that --dendrogram could draw; use --model agglomerative.`,
      { flag: 'dendrogram' },
    );
  }
  const { drawDendrogram } = await import('../select/cluster/draw-dendrogram.ts');
  // Rows go by an identifier that was left out, else by their number in the data.
  const named = columns.find(({ role }) => role === 'identifier')?.name;
  const rowNames = Array.from({ length: table.rows }, (_, i) =>
    named === undefined ? String(i + 1) : String(columnCell(table.column(named), i)),
  );
  const svg = await drawDendrogram(linkageMatrix, { labels: rowNames, nClusters: new Set(labels).size });
  await writeFileAtomic(path, [new TextEncoder().encode(`${svg}\n`)]);
}

function withClusters(table: Frame, labels: Int32Array): Frame {
  return table.with(freeName(table, 'cluster'), { kind: 'number', values: Float64Array.from(labels) });
}

/** The object that `--json` prints. */
function summary({ found, rows, warnings, out, save, dendrogram }: Ended): object {
  const { specification, scores, profiles, choice, seconds } = found;
  const { silhouette, daviesBouldin, calinskiHarabasz, inertia, silhouetteRows } = scores;
  return {
    model: specification.name,
    clusters: profiles.length,
    labels: found.labels,
    metrics: { silhouette, daviesBouldin, calinskiHarabasz, inertia },
    silhouetteRows,
    sizes: profiles.map((profile) => profile.rows),
    profiles,
    choice:
      choice === undefined
        ? null
        : {
            recommended: choice.recommended,
            reason: choice.reason,
            best: choice.best,
            candidates: choice.candidates,
          },
    options: specification.toJSON().options,
    rows,
    ...preparationJson(found),
    ...{ warnings, seconds, out, save, dendrogram },
  };
}

function report({ found, rows, out, save, dendrogram }: Ended, io: Io): void {
  const { specification, scores, profiles, choice, seconds } = found;
  const lines = [
    ['model', specification.name],
    ['clusters', `${profiles.length}${choice === undefined ? '' : ` (chosen: ${choice.reason})`}`],
    ['rows', String(rows)],
    ...preparationLines(found),
    ['clustered', `in ${seconds.toFixed(2)} s`],
    ...(out === null ? [] : [['written', out]]),
    ...(save === null ? [] : [['saved', save]]),
    ...(dendrogram === null ? [] : [['drawn', dendrogram]]),
  ];
  const print = (line: string) => printLine(io.stdout, line);
  for (const line of layOut(lines, ['left', 'left'])) print(line);
  print('');
  if (choice !== undefined) {
    for (const line of choice.table.split('\n')) print(line);
    print('');
  }
  const sampled = scores.silhouetteRows < rows ? `, from ${scores.silhouetteRows} rows drawn at random` : '';
  const figures = [
    ['silhouette', score(scores.silhouette), `more is better, −1 to 1${sampled}`],
    ['Davies–Bouldin', score(scores.daviesBouldin), 'less is better'],
    ['Caliński–Harabasz', score(scores.calinskiHarabasz), 'more is better'],
  ];
  for (const line of layOut(figures, ['left', 'right', 'left'])) print(line);
  print('');
  const shown = profiles.slice(0, SHOWN_CLUSTERS);
  const table = [
    ['cluster', 'rows', 'share', 'what sets it apart (all rows in brackets)'],
    ...shown.map((profile) => [
      String(profile.cluster),
      String(profile.rows),
      `${((100 * profile.rows) / rows).toFixed(1)}%`,
      profile.contrasts.map(contrastText).join(', ') || 'nothing much',
    ]),
  ];
  for (const line of layOut(table, ['right', 'right', 'right', 'left'])) print(line);
  if (shown.length < profiles.length) {
    print(`and ${count(profiles.length - shown.length, 'more cluster')}; --json tells of all`);
  }
}

function score(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(4)));
}

function contrastText({ column, value, share, overall }: ColumnContrast): string {
  const name = shorten(column, 30);
  const figure = (one: number | string) =>
    typeof one === 'number' ? shortNumber(Number(one.toPrecision(3))) : one;
  if (share === undefined) return `${name} ${figure(value)} (${figure(overall)})`;
  const percent = (part: number) => `${Math.round(100 * part)}%`;
  return `${name} ${shorten(String(value), 20)} ${percent(share)} (${percent(overall as number)})`;
}
