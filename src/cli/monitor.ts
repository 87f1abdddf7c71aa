import { setTimeout as sleep } from 'node:timers/promises';
import { OptionError } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import { makeAlert, parseAlertTarget } from '../monitor/alert/send-alert.ts';
import { type MonitorReference, monitorWindow } from '../monitor/monitor-window.ts';
import { logChanges, streamAlarm } from '../monitor/streaming/log-streams.ts';
import type { WindowReport } from '../monitor/window-report.ts';
import { defineCommand } from './command.ts';
import { type FlagValues, list, number, onOff, text, texts } from './flags.ts';
import { type Io, printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count } from './layout.ts';
import { readModelTable } from './model-table.ts';
import { deliverAlerts } from './monitor/deliver-alerts.ts';
import { labelsFor } from './monitor/label-file.ts';
import { type MonitoredModel, monitoredModel } from './monitor/monitored-model.ts';
import { labelledBefore, logWindows, type TitledWindow } from './monitor/monitored-windows.ts';
import { thresholds } from './monitor/threshold-flags.ts';
import { trainingRows } from './monitor/training-rows.ts';
import { windowLines } from './monitor/window-lines.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { modelKinds } from './saved-model.ts';

/** Exit code of a run in which a window alarmed. */
const ALARM = 2;

const flags = {
  log: text('FILE', 'The predictions to look at: the log that `heddle serve` writes'),
  data: text('DATA', 'A table to look at instead of a log'),
  reference: text('DATA', 'Rows to compare with, instead of what the model remembers of its training'),
  window: text(
    'SIZE',
    'Divide the log: a time (30m, 12h, 1d) or a number of predictions; by default one window',
  ),
  since: text('WHEN', 'Predictions from then on: a date, or how long ago (6h, 7d)'),
  until: text('WHEN', 'Predictions before then'),
  labels: text(
    'DATA',
    'Truths that have come: columns id and label for a log, a column label in order for --data',
  ),
  alert: texts('WHERE', 'Where alarms go: stdout, file:PATH (a line of JSON each) or a URL; may be repeated'),
  threshold: texts('NAME=VALUE', 'An effect that is too small to matter, e.g. missing=0.1; may be repeated'),
  ignore: list('COL,…', 'Features that are not compared'),
  alpha: number('P', 'Probability that a window without change alarms at all; 0.05 by default'),
  watch: number('SECONDS', 'Look again every so often until interrupted; an alert is sent once'),
  json: onOff('Print one object for programs; with --watch one a line each time'),
  threads: number('N', 'Threads to use at most; results do not depend on it'),
  ...registryFlag,
  ...readFlags,
};

export const monitor = defineCommand({
  name: 'monitor',
  parameters: ['MODEL'],
  summary: 'Compares what a model predicts with what it was trained on, and alarms when that changed.',
  flags,
  notes: [
    modelNote,
    dataNote,
    'Checked are: data quality, the drift of each feature, of the predictions and of all columns together, performance by the labels that have ' +
      'come, the performance to be expected where they have not, and changes in the course of time. An alarm needs an effect beyond what ' +
      'chance gives and beyond a threshold.',
    'Exit code: 0 when all is fine, 2 when a window alarms, 1 for an error.',
  ],
  examples: [
    'heddle monitor house@champion --log predictions.db --since 1d',
    'heddle monitor house.heddle --log predictions.db --window 1d --alert https://hooks.example.org/x',
    'heddle monitor house.heddle --data new.csv --reference old.csv --json',
  ],
  async run([source], values, io) {
    const where = values.alert.map(parseAlertTarget);
    checkFlags(values);
    const progress = progressLine(io.stderr);
    /** Alerts of a watch that were delivered. */
    const sent = new Set<string>();
    for (;;) {
      const round = await look(source!, values, io, progress);
      progress.wipe();
      print(round, values, io);
      const alerts = alertsOf(round).filter(({ key }) => !sent.has(key));
      const failed = await deliverAlerts(alerts, where, io);
      if (failed === 0) for (const { key } of alerts) sent.add(key);
      const code = round.windows.some(({ report }) => report.alarms.length > 0) ? ALARM : 0;
      if (values.watch === undefined) return code;
      try {
        await sleep(1000 * values.watch, undefined, { signal: io.signal });
      } catch {
        return code;
      }
    }
  },
});

type Values = FlagValues<typeof flags>;

interface Round {
  readonly monitored: MonitoredModel;
  readonly windows: readonly (TitledWindow & { readonly report: WindowReport })[];
}

function checkFlags(values: Values): void {
  const fail = (flag: string, what: string) => {
    throw new OptionError('command/bad-flag', what, { flag });
  };
  if ((values.log === undefined) === (values.data === undefined)) {
    fail('log', 'monitor needs either --log FILE, the predictions of a server, or --data DATA, a table.');
  }
  for (const flag of ['window', 'since', 'until'] as const) {
    if (values.log === undefined && values[flag] !== undefined) fail(flag, `--${flag} is for --log.`);
  }
  if (values.watch !== undefined && !(values.watch > 0))
    fail('watch', '--watch is a number of seconds above 0.');
  if (values.json && values.alert.includes('stdout')) {
    fail('alert', '--json prints the alarms already: leave out --alert stdout.');
  }
}

async function look(source: string, values: Values, io: Io, progress: ProgressLine): Promise<Round> {
  const monitored = await monitoredModel(source, values);
  const { trained } = monitored;
  const kinds = modelKinds(trained.model);
  const table = trained.table;
  const allKinds = table === undefined ? kinds : { ...kinds, [table.target.name]: table.target.kind };
  const reading = { io, progress };
  const labels =
    values.labels === undefined
      ? undefined
      : await readTable(values.labels, values, { ...reading, kinds: { id: 'string' } }).catch(() =>
          readTable(values.labels!, values, reading),
        );
  const { log, windows } =
    values.log === undefined
      ? { log: undefined, windows: [await tableWindow(values, allKinds, monitored, labels, reading)] }
      : await logWindows(values.log, monitored, values, labels);
  const reference: MonitorReference =
    values.reference === undefined
      ? { trainingRows: await trainingRows(trained, io) }
      : { rows: await readModelTable(values.reference, values, allKinds, reading) };
  const { thresholds: limits, drift } = thresholds(values.threshold);
  const options = {
    ...(values.alpha !== undefined && { alpha: values.alpha }),
    ignore: values.ignore ?? [],
    thresholds: limits,
    drift,
  };
  const reports: (TitledWindow & { report: WindowReport })[] = [];
  for (const titled of windows) {
    const labelled =
      values.log === undefined ? undefined : await labelledBefore(values.log, monitored, titled);
    const report = await monitorWindow(
      trained,
      titled.window,
      { ...options, reference: { ...reference, labelled } },
      {
        signal: io.signal,
        threads: values.threads,
        onProgress: (state) => progress.show('comparing', state),
      },
    );
    reports.push({ ...titled, report });
  }
  if (log === undefined) return { monitored, windows: reports };
  const changes = await logChanges(trained, log);
  const isNumeric = trained.model.kind === 'regressor';
  return {
    monitored,
    windows: reports.map(({ report, ...titled }) => {
      const { at } = titled.window;
      const within = changes.filter((change) => change.at >= at![0]! && change.at <= at!.at(-1)!);
      const alarms = [...report.alarms, ...within.map((change) => streamAlarm(change, isNumeric))];
      return { ...titled, report: { ...report, alarms } };
    }),
  };
}

async function tableWindow(
  values: Values,
  kinds: ReturnType<typeof modelKinds>,
  { trained }: MonitoredModel,
  labels: Frame | undefined,
  reading: { readonly io: Io; readonly progress: ProgressLine },
): Promise<TitledWindow> {
  const rows = await readModelTable(values.data!, values, kinds, reading);
  const target = trained.table?.target.name;
  const given = labels && labelsFor(rows.rows, undefined, undefined, labels, target);
  return {
    title: `${values.data}, ${count(rows.rows, 'row')}`,
    identity: values.data!,
    window: { rows, labels: given },
  };
}

function alertsOf({ monitored, windows }: Round) {
  const { name, version } = monitored;
  return windows
    .filter(({ report }) => report.alarms.length > 0)
    .map(({ identity, report: { rows, from, until, alarms } }) =>
      makeAlert({ model: name, version, rows, from, until, alarms }, identity),
    );
}

function print({ monitored, windows }: Round, { json }: Values, io: Io): void {
  const { name, version } = monitored;
  if (json) {
    const alarms = windows.reduce((sum, { report }) => sum + report.alarms.length, 0);
    const reports = windows.map(({ report }) => report);
    printLine(io.stdout, jsonText({ model: name, version, alarms, windows: reports }));
    return;
  }
  const model = version === null ? name : `${name}@${version}`;
  for (const [i, { title, report }] of windows.entries()) {
    if (i > 0) printLine(io.stdout);
    for (const line of windowLines(report, `${model}, ${title}`)) printLine(io.stdout, line);
  }
}
