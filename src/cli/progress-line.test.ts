import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, progressLine } from './progress-line.ts';

function terminal(columns = 80) {
  const written: string[] = [];
  return { sink: { isTTY: true, columns, write: (text: string) => written.push(text) }, written };
}

test('progress is one rewritten line with the time left, wiped at the end', () => {
  const { sink, written } = terminal();
  let now = 0;
  const line = progressLine(sink, () => now);
  line.show('training', { fraction: 0, message: undefined });
  now = 2000;
  line.show('training', { fraction: 0.25, message: 'iteration 5' });
  line.wipe();
  line.wipe();
  assert.deepEqual(written, [
    '\r\x1b[Ktraining 0%',
    '\r\x1b[Ktraining 25%, 6 s left  iteration 5',
    '\r\x1b[K',
  ]);
});

test('progress that comes faster than the eye is not drawn', () => {
  const { sink, written } = terminal();
  let now = 0;
  const line = progressLine(sink, () => now);
  for (let i = 0; i < 50; i++, now += 10) line.show('reading', { fraction: i / 50, message: undefined });
  assert.equal(written.length, 5);
});

test('a line longer than the terminal is cut, wide characters counting twice', () => {
  const { sink, written } = terminal(16);
  progressLine(sink, () => 0).show('训练', { fraction: 0.5, message: '第五次迭代完成' });
  assert.deepEqual(written, ['\r\x1b[K训练 50%  第五']);
});

test('without a terminal nothing is written', () => {
  const written: string[] = [];
  const line = progressLine({ write: (text) => written.push(text) });
  line.show('training', { fraction: 0.5, message: undefined });
  line.wipe();
  assert.deepEqual(written, []);
});

test('durations are told in at most two units', () => {
  assert.deepEqual([0.2, 59, 200, 7500].map(duration), ['1 s', '59 s', '3 min 20 s', '2 h 5 min']);
});
