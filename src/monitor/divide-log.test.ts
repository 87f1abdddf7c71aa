import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../core/frame.ts';
import { divideLog, parseDuration, parseMoment, parseWindowSize, takePart } from './divide-log.ts';
import type { LogWindow } from './log/prediction-log.ts';

const HOUR = 3_600_000;

function logAt(hours: readonly number[]): LogWindow {
  return {
    rows: Frame.fromColumns({ x: Float64Array.from(hours) }),
    ids: hours.map((hour) => `h${hour}`),
    at: Float64Array.from(hours, (hour) => hour * HOUR),
    predictions: [...hours],
    probabilities: hours.map(() => null),
    labels: hours.map(() => null),
  };
}

const idsOf = (log: LogWindow, size: string) =>
  divideLog(log, parseWindowSize(size)).map((part) => takePart(log, part).ids.join(' '));

test('by time, windows begin at multiples of their length and none is empty', () => {
  const log = logAt([1, 5, 23.5, 24, 80, 81]);
  assert.deepEqual(idsOf(log, '1d'), ['h1 h5 h23.5', 'h24', 'h80 h81']);
  assert.deepEqual(idsOf(log, '12h'), ['h1 h5', 'h23.5', 'h24', 'h80 h81']);
});

test('by number, the newest window is full and the oldest takes what is left', () => {
  assert.deepEqual(idsOf(logAt([1, 2, 3, 4, 5]), '2'), ['h1', 'h2 h3', 'h4 h5']);
  assert.deepEqual(idsOf(logAt([1, 2]), '10'), ['h1 h2']);
});

test('without a size all is one window, and of nothing there is none', () => {
  const log = logAt([1, 2]);
  assert.equal(takePart(log, divideLog(log, undefined)[0]!), log);
  assert.deepEqual(divideLog(logAt([]), { rows: 5 }), []);
});

test('durations, sizes and moments are read from texts', () => {
  assert.equal(parseDuration('90m'), 1.5 * HOUR);
  assert.equal(parseDuration('1.5h'), 1.5 * HOUR);
  assert.equal(parseDuration('2w'), 336 * HOUR);
  assert.equal(parseDuration('10'), undefined);
  assert.deepEqual(parseWindowSize('1000'), { rows: 1000 });
  assert.equal(parseMoment('2h', 10 * HOUR), 8 * HOUR);
  assert.equal(parseMoment('1970-01-02T00:00Z', 0), 24 * HOUR);
  for (const text of ['', '0', '-5', '1.5', '3 fortnights']) {
    assert.throws(() => parseWindowSize(text), { code: 'option/invalid' }, text);
  }
  assert.throws(() => parseMoment('soon', 0), { code: 'option/invalid' });
});
