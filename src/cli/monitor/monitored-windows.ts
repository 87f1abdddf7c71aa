import { OptionError } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import { divideLog, parseMoment, parseWindowSize, takePart } from '../../monitor/divide-log.ts';
import type { LogWindow } from '../../monitor/log/prediction-log.ts';
import { readLog } from '../../monitor/log/read-log.ts';
import type { MonitoredWindow } from '../../monitor/window-report.ts';
import { count } from '../layout.ts';
import { labelsFor } from './label-file.ts';
import { logQueryOf, type MonitoredModel } from './monitored-model.ts';

export interface WindowFlags {
  readonly window?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface TitledWindow {
  readonly title: string;
  /** What tells it from others in alerts; null where windows are not told apart by their beginning. */
  readonly identity: string;
  readonly window: MonitoredWindow;
}

/** Windows of the model's predictions in a log, oldest first, and the whole of what was read of it. */
export async function logWindows(
  path: string,
  monitored: MonitoredModel,
  flags: WindowFlags,
  labels: Frame | undefined,
): Promise<{ readonly log: LogWindow; readonly windows: readonly TitledWindow[] }> {
  const now = Date.now();
  const moment = (text: string | undefined) => (text === undefined ? undefined : parseMoment(text, now));
  const size = flags.window === undefined ? undefined : parseWindowSize(flags.window);
  const query = await logQueryOf(path, monitored);
  const read = await readLog(path, { ...query, since: moment(flags.since), until: moment(flags.until) });
  const target = monitored.trained.table?.target.name;
  const log =
    labels === undefined
      ? read
      : { ...read, labels: labelsFor(read.ids.length, read.ids, read.labels, labels, target) };
  if (log.ids.length === 0) {
    throw new OptionError(
      'monitor/no-predictions',
      `'${path}' has no predictions of ${monitored.name} in that time.`,
      { option: 'log' },
    );
  }
  const windows = divideLog(log, size).map((part) => {
    const window = takePart(log, part);
    const span = `${minute(window.at[0]!)} to ${minute(window.at.at(-1)!)} UTC`;
    const labelled = window.labels.filter((label) => label !== null).length;
    const title = `${span}, ${count(window.ids.length, 'prediction')}, ${labelled} labelled`;
    const begins =
      size !== undefined && 'ms' in size ? Math.floor(window.at[0]! / size.ms) * size.ms : window.at[0]!;
    return { title, identity: size === undefined ? 'all' : new Date(begins).toISOString(), window };
  });
  return { log, windows };
}

/** Rows that errors are learned from at most. */
const MOST_LABELLED = 5000;

/** The latest labelled predictions before a window, of a regressor: its errors are estimated from them. */
export async function labelledBefore(
  path: string,
  monitored: MonitoredModel,
  { window }: TitledWindow,
): Promise<MonitoredWindow | undefined> {
  if (monitored.trained.model.kind !== 'regressor') return undefined;
  const query = await logQueryOf(path, monitored);
  return readLog(path, { ...query, labelled: true, until: window.at![0]!, last: MOST_LABELLED });
}

function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
