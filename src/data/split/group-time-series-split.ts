import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { option } from '../../core/options.ts';
import { ascending } from './folds.ts';
import { cutParts, groupTimeline } from './group-timeline.ts';
import { encodeLabels } from './labels.ts';
import { nSplitsOption } from './option-schemas.ts';
import { defineSplitter, type SplitData, type Splitter } from './splitter.ts';
import { areDates, timesOf } from './times.ts';

const name = 'groupTimeSeriesSplit';

/** Milliseconds. */
const durationUnits = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

const embargoHint =
  "Give a number of at least 0 in the unit of 'time', or for dates a duration such as '12h' or '7d' (ms, s, m, h, d, w)";

const schema = z.strictObject({
  nSplits: nSplitsOption(1, 5),
  testSize: option(
    z.int().min(1).nullable().default(null),
    'Groups in a test part; by default groups / (nSplits + 1), rounded down.',
  ),
  maxTrainSize: option(
    z.int().min(1).nullable().default(null),
    'Most groups in a training part, the latest ones.',
  ),
  gap: option(z.int().min(0).default(0), 'Groups left out between the training and the test part.'),
  embargo: option(
    z
      .union([z.number().nonnegative(), z.string().regex(durationPattern, embargoHint)], {
        error: embargoHint,
      })
      .default(0),
    "Every training row is earlier than every test row by more than this: in the unit of 'time' (rows without it), or for dates '12h', '7d'.",
  ),
  overlap: option(
    z.enum(['trimTrain', 'trimBoth']).default('trimTrain'),
    'What goes where groups overlap in time: training rows that are not before the test part, or also early test rows.',
  ),
});

/**
 * Walk-forward validation that leaks neither through groups nor through time. Groups are ordered by their first
 * time; test parts are the last `nSplits` runs of `testSize` groups, training parts the groups before. In every split
 *
 * - no group has rows on both sides,
 * - every training row is earlier than every test row, by more than `embargo`,
 * - the `gap` groups before the test part are left out.
 *
 * Groups that follow each other (days, races, sessions) stay whole. Groups that overlap in time (customers,
 * patients) lose the training rows that are not before the test part's first row. Where all begin together that
 * would leave none: `overlap: 'trimBoth'` then also drops the early rows of the test groups and cuts where the
 * product of the kept shares is largest. Rows come in order of time.
 *
 * Data: `groups`, `time`, or both. Without `time` rows are taken to be in order and a row is the unit of time;
 * without `groups` rows of equal time form a group. Options: `nSplits` (default 5), `testSize`, `maxTrainSize`,
 * `gap` (default 0; all in groups), `embargo` (default 0), `overlap`. scikit-learn has no such splitter; purging
 * and embargo after M. López de Prado, "Advances in Financial Machine Learning" (2018), 7.4.
 */
export function groupTimeSeriesSplit(
  options: z.input<typeof schema> = {},
): Splitter<Readonly<z.output<typeof schema>>> {
  return defineSplitter(name, schema, options, (parsed, n, data) => {
    const { nSplits, maxTrainSize, gap, overlap } = parsed;
    const embargo = embargoOf(parsed.embargo, data);
    const timeline = timelineOf(n, data);
    const { groups, times } = timeline;
    const testSize = parsed.testSize ?? Math.floor(groups / (nSplits + 1));
    if (testSize < 1 || groups - gap - testSize * nSplits < 1) {
      throw new DataError(
        'data/too-few-groups',
        `${name}: ${groups} groups are too few for ${nSplits} test parts of ${Math.max(1, testSize)}, a gap of ${gap} and at least one ` +
          'group to train on. Lower nSplits, testSize or gap.',
        { owner: name, nSplits, testSize, gap, groups },
      );
    }
    return Array.from({ length: nSplits }, (_, i) => {
      const testFrom = groups - (nSplits - i) * testSize;
      const trainTo = testFrom - gap;
      const split = cutParts(
        timeline,
        { from: maxTrainSize === null ? 0 : Math.max(0, trainTo - maxTrainSize), to: trainTo },
        { from: testFrom, to: testFrom + testSize },
        embargo,
        overlap,
      );
      if (split.train.length > 0) return split;
      const start = times[split.test[0]!]!;
      const when = data.time !== undefined && areDates(data.time) ? new Date(start).toISOString() : start;
      throw new DataError(
        'data/no-training-rows',
        `${name}: split ${i} has no training rows: none of its training groups has a row before the test part, which begins at ${when}` +
          `${embargo > 0 ? `, with an embargo of ${parsed.embargo}` : ''}. ` +
          (overlap === 'trimTrain'
            ? "Try overlap: 'trimBoth', fewer splits or a shorter embargo."
            : 'Lower nSplits or embargo.'),
        { owner: name, split: i },
      );
    });
  });
}

function timelineOf(n: number, { groups, time }: SplitData) {
  if (groups === undefined && time === undefined) {
    throw new DataError('data/needs-groups', `${name} needs 'groups', 'time' or both: one value per row.`, {
      owner: name,
    });
  }
  const times = time === undefined ? Float64Array.from(ascending(n)) : timesOf(time, n, name);
  return groupTimeline(encodeLabels(groups ?? times, n, 'groups', name), times);
}

function embargoOf(embargo: number | string, { time }: SplitData): number {
  if (typeof embargo === 'number') return embargo;
  if (time === undefined || !areDates(time)) {
    throw new OptionError(
      'option/invalid',
      `${name}: embargo = '${embargo}' is a duration, but 'time' holds no dates. Give the embargo as a number in the unit of 'time'.`,
      { owner: name, option: 'embargo' },
    );
  }
  const [, amount, unit] = durationPattern.exec(embargo)!;
  return Number(amount) * durationUnits[unit as keyof typeof durationUnits];
}
