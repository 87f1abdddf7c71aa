import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { JobError } from '../core/errors.ts';
import { Matrix } from '../core/matrix.ts';
import { defineClassifier } from './define-classifier.ts';
import { blameClasses, rowsOfPart } from './many-classes.ts';

const parts: number[] = [];

/** Scores of three classes, of which it claims to have a million times more. */
const wide = defineClassifier({
  name: 'wide-classifier',
  module: import.meta.url,
  summary: '',
  use: '',
  options: z.strictObject({}),
  fit: (_, { classes }) => ({ classes: classes.length }),
  classCount: ({ classes }) => classes * 1e6,
  decisionFunction({ classes }, x) {
    parts.push(x.rows);
    return Float64Array.from({ length: classes * x.rows }, (_, i) => {
      const row = Math.floor(i / classes);
      return i % classes === x.data[row] ? 1 : 0;
    });
  },
});

test('predict goes over the rows in parts where scores of all would take much memory', async () => {
  const rows = 40;
  const x = new Matrix({
    rows,
    columns: 1,
    data: Float64Array.from({ length: rows }, (_, i) => (7 * i) % 3),
  });
  const model = await wide().fit(x, ['a', 'b', 'c', ...Array(37).fill('a')]);
  parts.length = 0;
  assert.deepEqual(
    await model.predict(x),
    Array.from(x.data, (code) => 'abc'[code]),
  );
  assert.deepEqual(parts, [11, 11, 11, 7]);
  assert.equal(rowsOfPart(3e6), 11);
});

test('scores that would take more than the memory are refused before they are computed', async () => {
  const x = Matrix.zeros(3, 1);
  const model = await wide().fit(x, ['a', 'b', 'c']);
  parts.length = 0;
  await assert.rejects(model.decisionFunction(Matrix.zeros(4000, 1)), {
    code: 'data/too-many-classes',
    message: /wide-classifier.*4000 rows and 3000000 classes takes 90 GiB/,
  });
  assert.deepEqual(parts, []);
});

test('kernel memory that many classes exhaust is told as theirs, that of few is not', () => {
  const error = new JobError('job/out-of-memory', 'The job needs more.', { bytes: 5 * 2 ** 30 });
  const found = blameClasses(error, 'a-model', 2000, 1000) as Error;
  assert.match(found.message, /a-model on 2000 rows of 1000 classes needs 5 GiB more/);
  assert.equal(blameClasses(error, 'a-model', 2000, 999), error);
});
