import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { customers, trainedOn } from '../churn.fixture.ts';
import type { LogWindow } from '../log/prediction-log.ts';
import { logChanges, streamAlarm } from './log-streams.ts';

const rows = 600;
const table = customers(31, rows).select(['visits', 'price', 'plan']);
const random = new RandomState(3);
const HOUR = 3_600_000;

function log(predictions: readonly (number | string)[], labels: LogWindow['labels']): LogWindow {
  return {
    rows: table,
    ids: predictions.map((_, i) => `p${i}`),
    at: Float64Array.from(predictions, (_, i) => i * HOUR),
    predictions,
    probabilities: predictions.map((label) => (label === 'yes' ? [0.2, 0.8] : [0.8, 0.2])),
    labels,
  };
}

test('predictions that jump are found at their time, in words', async () => {
  const trained = await trainedOn('spend');
  const steps = random.fillNormal(new Float64Array(rows), 100, 20);
  const jumping = Array.from(steps, (value, i) => (i < 400 ? value : value + 60));
  const [change] = await logChanges(
    trained,
    log(
      jumping,
      jumping.map(() => null),
    ),
  );
  assert.equal(change!.stream, 'prediction');
  // A jump of three standard deviations is seen to within a few values.
  assert.ok(Math.abs(change!.began / HOUR - 400) <= 3, String(change!.began / HOUR));
  assert.ok(change!.at >= change!.began);
  const alarm = streamAlarm(change!, true);
  assert.match(
    alarm.message,
    /^mean prediction \d+\.?\d* → \d+\.?\d*, since 1970-01-1[67]T\d\d:00Z, by (?:ADWIN|Page–Hinkley)$/,
  );
  assert.ok(alarm.effect! > alarm.limit!);
  const steady = Array.from(steps);
  assert.deepEqual(
    await logChanges(
      trained,
      log(
        steady,
        steady.map(() => null),
      ),
    ),
    [],
  );
});

test('errors of labelled rows that become more frequent are found among rows without labels', async () => {
  const trained = await trainedOn('churn');
  const said = Array.from(random.randint(0, 2, rows), (bit) => (bit === 1 ? 'yes' : 'no'));
  const wrong = random.randomSample(rows).map((u, i) => (u < (i < 300 ? 0.1 : 0.7) ? 1 : 0));
  const labels = said.map((label, i) => {
    if (i % 3 === 2) return null;
    return (label === 'yes') === (wrong[i] === 1) ? 'no' : 'yes';
  });
  const changes = await logChanges(trained, log(said, labels));
  assert.deepEqual(new Set(changes.map(({ stream }) => stream)), new Set(['error']));
  assert.ok(Math.abs(changes[0]!.began / HOUR - 300) < 60, String(changes[0]!.began / HOUR));
  assert.match(streamAlarm(changes[0]!, false).message, /^error rate 0\.\d+ → 0\.\d+, since/);
});
