import type { Frame } from '../core/frame.ts';
import { type ReducedTable, reduceTable } from '../select/cluster/reduce-table.ts';
import { defineCommand } from './command.ts';
import { featureFlags, featureOptions } from './features/feature-flags.ts';
import { preparationJson, preparationLines } from './features/preparation-lines.ts';
import { number, onOff, text, texts } from './flags.ts';
import { freeName } from './free-name.ts';
import { type Io, printLine } from './io.ts';
import { jobOptions } from './job-options.ts';
import { jsonText } from './json-text.ts';
import { count, layOut, shorten } from './layout.ts';
import { requireWritable } from './output-path.ts';
import { progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';
import { settings } from './settings.ts';
import { writeTable } from './write-table.ts';

/** Components shown one by one. */
const SHOWN_COMPONENTS = 20;

export const reduce = defineCommand({
  name: 'reduce',
  parameters: ['DATA'],
  summary: 'Writes the rows of a table in a few columns that keep most of what they say.',
  flags: {
    model: text('NAME', 'pca (the default)'),
    components: text(
      'K',
      'Columns to make: a count, the share of the variance to keep (0.95), or mle; all by default',
    ),
    ...featureFlags,
    set: texts('NAME=VALUE', 'An option of the model, e.g. whiten=true; may be repeated'),
    seed: number('N', 'Seed of the model; 42 by default'),
    out: text(
      'FILE',
      'Write the components, with the columns left out of them: .csv, .tsv, .parquet, .json or .ndjson',
    ),
    save: text('FILE', 'Save the model with its preparation, e.g. components.heddle'),
    json: onOff('Print one object for programs, with every row'),
    threads: number('N', 'Threads to use at most; results do not depend on it'),
    ...readFlags,
  },
  notes: [
    dataNote,
    'Gaps are filled, categories encoded, dates taken apart, numbers standardised. Identifiers, free text, constant and empty columns are no part of ' +
      'the components unless --features names them; --out keeps them and dropped columns beside the components.',
  ],
  examples: [
    'heddle reduce flowers.csv --components 2 --drop species --out flat.csv',
    'heddle reduce genes.parquet --components 0.95 --save genes.heddle',
    'heddle reduce flowers.csv --components 2 --json',
  ],
  async run([data], flags, io) {
    const options = {
      model: flags.model ?? 'pca',
      components: flags.components,
      modelOptionTexts: settings(flags.set),
      ...featureOptions(flags),
      seed: flags.seed ?? 42,
      keepsModel: flags.save !== undefined,
    };
    for (const path of [flags.out, flags.save]) if (path !== undefined) await requireWritable(path);
    const progress = progressLine(io.stderr);
    const warnings: string[] = [];
    try {
      const table = await readTable(data!, flags, { io, progress, warnings });
      const reduced = await reduceTable(
        table,
        options,
        jobOptions('reducing', { io, flags, progress, warnings }),
      );
      progress.wipe();
      if (flags.out !== undefined) await writeTable(besideOthers(table, reduced), flags.out, io);
      if (flags.save !== undefined) {
        const { saveModel } = await import('../store/model-file.ts');
        await saveModel(reduced.model!, flags.save);
      }
      const { out = null, save = null } = flags;
      if (flags.json) printLine(io.stdout, jsonText(summary(reduced, { warnings, out, save })));
      else report(reduced, { warnings, out, save }, io);
    } finally {
      progress.wipe();
    }
  },
});

/** The columns that are no part of the components, then the components. */
function besideOthers(table: Frame, { transformed, features, components }: ReducedTable): Frame {
  let result = table.drop(features);
  for (const [c, { name }] of components.entries()) {
    result = result.with(freeName(result, name), { kind: 'number', values: transformed.column(c) });
  }
  return result;
}

interface Ended {
  readonly warnings: readonly string[];
  readonly out: string | null;
  readonly save: string | null;
}

/** The object that `--json` prints. */
function summary(reduced: ReducedTable, { warnings, out, save }: Ended): object {
  const { specification, transformed, components, seconds } = reduced;
  return {
    model: specification.name,
    components,
    transformed: Array.from({ length: transformed.rows }, (_, i) => transformed.row(i)),
    options: specification.toJSON().options,
    rows: transformed.rows,
    ...preparationJson(reduced),
    ...{ warnings, seconds, out, save },
  };
}

function report(reduced: ReducedTable, { out, save }: Ended, io: Io): void {
  const { specification, transformed, components, seconds } = reduced;
  const lines = [
    ['model', specification.name],
    ['components', String(components.length)],
    ['rows', String(transformed.rows)],
    ...preparationLines(reduced),
    ['reduced', `in ${seconds.toFixed(2)} s`],
    ...(out === null ? [] : [['written', out]]),
    ...(save === null ? [] : [['saved', save]]),
  ];
  const print = (line: string) => printLine(io.stdout, line);
  for (const line of layOut(lines, ['left', 'left'])) print(line);
  print('');
  const percent = (share: number | undefined) => (share === undefined ? '–' : `${(100 * share).toFixed(1)}%`);
  let kept = 0;
  const shown = components.slice(0, SHOWN_COMPONENTS);
  const table = [
    ['component', 'variance', 'so far', 'mostly'],
    ...shown.map(({ name, explainedVarianceRatio, loadings }) => {
      kept += explainedVarianceRatio ?? Number.NaN;
      const parts = loadings.map(
        ({ column, coefficient }) => `${coefficient.toFixed(2).replace('-', '−')} ${shorten(column, 30)}`,
      );
      return [
        name,
        percent(explainedVarianceRatio),
        Number.isNaN(kept) ? '–' : percent(kept),
        parts.join(', '),
      ];
    }),
  ];
  for (const line of layOut(table, ['left', 'right', 'right', 'left'])) print(line);
  if (shown.length < components.length) {
    print(`and ${count(components.length - shown.length, 'more component')}; --json tells of all`);
  }
}
