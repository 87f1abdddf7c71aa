import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DateColumn } from '../../core/frame.ts';
import { Frame } from '../../core/frame.ts';
import type { Matrix } from '../../core/matrix.ts';
import { dateParts } from './date-parts.ts';

const dates = (...texts: (string | null)[]) =>
  Frame.fromColumns({ sold: texts.map((text) => (text === null ? null : new Date(text))) });

async function partsOf(frame: Frame, options?: Parameters<typeof dateParts>[0]): Promise<Matrix> {
  const fitted = await dateParts(options).fit(frame);
  return (await fitted.transform(frame)) as Matrix;
}

test('a date becomes year, month, day, weekday and the days since the earliest one', async () => {
  const parts = await partsOf(dates('2024-02-29', '2024-03-04'));
  assert.deepEqual(parts.names, [
    'sold_year',
    'sold_month',
    'sold_day',
    'sold_dayOfWeek',
    'sold_elapsedDays',
  ]);
  // 2024-02-29 was a Thursday, 2024-03-04 a Monday.
  assert.deepEqual([...parts.data], [2024, 2, 29, 3, 0, 2024, 3, 4, 0, 4]);
});

test('columns that are named are taken apart, the others are passed on in front', async () => {
  const table = Frame.fromColumns({
    sold: [new Date('2024-01-10'), new Date('2024-01-12')],
    kind: ['a', 'b'],
    size: [1, 2],
  });
  const fitted = await dateParts({ columns: ['sold'], parts: ['day', 'elapsedDays'] }).fit(table);
  const parts = (await fitted.transform(table)) as Frame;
  assert.deepEqual(parts.names, ['kind', 'size', 'sold_day', 'sold_elapsedDays']);
  assert.deepEqual(parts.toRecords()[1], { kind: 'b', size: 2, sold_day: 12, sold_elapsedDays: 2 });
  await assert.rejects(dateParts({ columns: ['size'] }).fit(table), { code: 'data/not-a-date' });
});

test('times of day add the hour and fractions of days', async () => {
  const parts = await partsOf(dates('2024-01-01', '2024-01-01T18:30:00Z'));
  assert.deepEqual(parts.names?.slice(-2), ['sold_hour', 'sold_elapsedDays']);
  assert.deepEqual([...parts.row(1)].slice(-2), [18, 18.5 / 24]);
});

test('days are counted from the earliest training date, and before it are negative', async () => {
  const fitted = await dateParts({ parts: ['elapsedDays'] }).fit(dates('2024-01-10'));
  const parts = (await fitted.transform(dates('2024-01-08'))) as Matrix;
  assert.deepEqual([...parts.data], [-2]);
});

test('a missing date is NaN in every part, and a column without any date stays one', async () => {
  const parts = await partsOf(dates('2024-01-01', null));
  assert.ok(parts.row(1).every(Number.isNaN));
  const missing = new Uint8Array([1]);
  const none: DateColumn = { kind: 'date', values: new Float64Array([Number.NaN]), missing };
  const empty = await partsOf(new Frame([['sold', none]]));
  assert.ok(empty.data.every(Number.isNaN));
});

test('text with the year first is read as dates, and any other text is refused by column and cell', async () => {
  const texts = [
    '2024-02-29',
    '2024/2/29 6:30',
    '2024.02.29',
    '2024年2月29日',
    '2024-02-29T06:30:00.5+08:00',
    null,
  ];
  const parts = await partsOf(Frame.fromColumns({ sold: texts }), { parts: ['dayOfYear', 'hour'] });
  assert.deepEqual([...parts.data], [60, 0, 60, 6, 60, 0, 60, 0, 59, 22, Number.NaN, Number.NaN]);
  const fitted = await dateParts().fit(dates('2024-01-01'));
  const bad = fitted.transform(Frame.fromColumns({ sold: ['29.02.2024'] }));
  await assert.rejects(bad, /Column 'sold'/);
  for (const text of ['2023-02-29', '2024-13-01', '2024-01/01', '2024-01-01T25:00', 'soon', '']) {
    await assert.rejects(
      dateParts().fit(Frame.fromColumns({ sold: [text] })),
      /'sold' holds ".*" in row 0/,
      text,
    );
  }
});

test('a column that holds no dates is refused by name', async () => {
  await assert.rejects(dateParts().fit(Frame.fromColumns({ price: [1, 2] })), /Column 'price' holds numbers/);
});

test('quarter, day of the year and minute agree with the calendar on any date', () => {
  const span = {
    min: new Date('1600-01-01T00:00:00Z'),
    max: new Date('2400-01-01T00:00:00Z'),
    noInvalidDate: true,
  };
  return fc.assert(
    fc.asyncProperty(fc.date(span), async (date) => {
      const parts = ['quarter', 'dayOfYear', 'minute', 'dayOfWeek'] as const;
      const frame = Frame.fromColumns({ at: [date] });
      const [quarter, dayOfYear, minute, dayOfWeek] = (await partsOf(frame, { parts: [...parts] })).data;
      assert.equal(quarter, Math.ceil((date.getUTCMonth() + 1) / 3));
      const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
      assert.equal(new Date(newYear + (dayOfYear! - 1) * 86_400_000).getUTCDate(), date.getUTCDate());
      assert.equal(minute, date.getUTCMinutes());
      assert.equal(dayOfWeek, (date.getUTCDay() + 6) % 7);
    }),
    { numRuns: 50 },
  );
});
