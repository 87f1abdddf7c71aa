import assert from 'node:assert/strict';
import type { Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import { hasMethod } from '../../src/define/run.ts';
import type { CheckTable } from '../check.ts';
import { assertFinite, assertSame, outputsOf } from '../outputs.ts';
import { type SampleRequest, withTwoTargets } from '../samples.ts';
import { type AnyFitted, assertRefused, type Subject, unlessRefused } from '../subject.ts';

/** Sizes of data in, sizes and types of predictions out. */
export const shapeChecks = {
  'output-shapes': {
    holds: 'outputs have the type and shape of their method, one row for each row of x',
    async run(subject) {
      for (const request of [{}, { labels: ['no', 'yes'] }, { rows: 30, columns: 5 }]) {
        const sample = subject.sample(request);
        const model = await subject.fit(sample);
        for (const rows of [sample.x.rows, 7, 1]) await assertShapes(model, firstRows(sample.x, rows));
        if (model.kind === 'clusterer') assertLabels(model, sample.x.rows);
      }
    },
  },
  'no-rows-in-predict': {
    holds: 'a table without rows gives outputs without rows',
    when: hasOutputs,
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      await assertShapes(model, firstRows(x, 0));
    },
  },
  'absent-methods-refused': {
    holds: 'a method that the model does not have is refused by its name',
    when: ({ kind }) => kind !== 'regressor',
    async run(subject) {
      const { definition, options } = subject.specification;
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      for (const method of methodsOf[definition.kind]) {
        if (hasMethod(definition, method, options)) continue;
        const refusal = { codes: ['model/no-method'], mentions: [method] };
        await assertRefused(method, () => model[method]!(x), refusal);
      }
    },
  },
  'flat-array-refused': {
    holds: 'a flat array as x is refused with the way to write one column',
    async run(subject) {
      const { x, y } = subject.sample({ columns: 1 });
      const refusal = { codes: ['data/not-a-table'], mentions: ['single column'] };
      const flat = Array.from({ length: x.rows }, (_, i) => i);
      await assertRefused('a flat array in fit', () => subject.fit({ x: flat, y }), refusal);
      if (!hasOutputs(subject.definition)) return;
      const model = await subject.fit({ x, y });
      await assertRefused('a flat array in predict', () => outputsOf(model, flat as never), refusal);
    },
  },
  'one-column': {
    holds: 'a single column is enough',
    run: (subject) => fitsAndIsFinite(subject, { columns: 1 }),
  },
  'more-columns-than-rows': {
    holds: 'more columns than rows give finite outputs',
    run: (subject) => fitsAndIsFinite(subject, { rows: 12, columns: 30 }),
  },
  'one-row': {
    holds: 'a single row is fitted to finite outputs, or refused as unfit data',
    async run(subject) {
      const { x, y } = subject.sample({ rows: 1 });
      const model = await unlessRefused(() => subject.fit({ x, y }));
      if (model === undefined) return;
      assert.equal(model.summary.rows, 1);
      assertFinite(await outputsOf(model, x), 'after a fit on one row');
    },
  },
  'several-targets': {
    holds:
      'a matrix as target gives a matrix of predictions, of which a single column equals the plain prediction',
    when: ({ kind }) => kind === 'regressor',
    async run(subject) {
      const { x, y } = subject.sample();
      const column = new Matrix({ rows: x.rows, columns: 1, data: Float64Array.from(y as Float64Array) });
      const single = await subject.fit({ x, y: column });
      assert.ok((await single.predict!(x)) instanceof Matrix, 'one column in a matrix must give a matrix');
      assertSame(
        await outputsOf(single, x),
        await outputsOf(await subject.fit({ x, y }), x),
        'y of one column',
      );
      const two = withTwoTargets(subject.traits, { x, y }).y;
      const { definition } = subject;
      if (definition.kind === 'regressor' && definition.severalTargets !== true) {
        const codes = ['data/several-targets'];
        return assertRefused('y of two columns', () => subject.fit({ x, y: two }), {
          codes,
          mentions: ['2 columns'],
        });
      }
      const predicted = await (await subject.fit({ x, y: two })).predict!(x);
      assert.ok(predicted instanceof Matrix, 'two targets must give a matrix');
      assert.deepEqual([predicted.rows, predicted.columns, predicted.names], [x.rows, 2, ['售价', 'rent']]);
      assertFinite(await outputsOf(await subject.fit({ x, y: two }), x), 'two targets');
    },
  },
} satisfies CheckTable;

const methodsOf = {
  regressor: [],
  classifier: ['predictProba', 'decisionFunction'],
  transformer: ['inverseTransform'],
  clusterer: ['predict'],
} as const;

/** Whether the model says something of new rows. */
export function hasOutputs(definition: Parameters<typeof hasMethod>[0]): boolean {
  return hasMethod(definition, 'predict') || hasMethod(definition, 'transform');
}

function firstRows(x: Matrix | Frame, rows: number): Matrix | Frame {
  return x.take(Array.from({ length: rows }, (_, i) => i));
}

async function fitsAndIsFinite(subject: Subject, request: SampleRequest): Promise<void> {
  const { x, y } = subject.sample(request);
  const model = await subject.fit({ x, y });
  await assertShapes(model, x);
  assertFinite(await outputsOf(model, x), 'on the training rows');
}

async function assertShapes(model: AnyFitted, x: Matrix | Frame): Promise<void> {
  const { definition } = model.specification;
  const what = `for ${x.rows} rows`;
  if (hasMethod(definition, 'predict')) {
    const predicted = await model.predict!(x);
    if (model.kind === 'classifier')
      assert.ok(Array.isArray(predicted), `predict ${what} must give an array`);
    else {
      const Kind = model.kind === 'regressor' ? Float64Array : Int32Array;
      assert.ok(predicted instanceof Kind, `predict ${what} must give a ${Kind.name}`);
    }
    assert.equal((predicted as ArrayLike<unknown>).length, x.rows, `predictions ${what}`);
  }
  const outputs = await outputsOf(model, x);
  for (const [method, output] of Object.entries(outputs))
    assert.equal(output.rows, x.rows, `rows of ${method} ${what}`);
  const classes = model.classes?.length;
  if (outputs.predictProba !== undefined)
    assert.equal(outputs.predictProba.columns, classes, 'columns of predictProba');
  if (outputs.decisionFunction !== undefined) {
    assert.equal(
      outputs.decisionFunction.columns,
      classes === 2 ? 1 : classes,
      'columns of decisionFunction',
    );
  }
}

function assertLabels(model: AnyFitted, rows: number): void {
  assert.ok(model.labels instanceof Int32Array, 'labels must be an Int32Array');
  assert.equal(model.labels.length, rows, 'labels must have one entry per training row');
  const found = [...new Set(model.labels)].filter((label) => label !== -1).sort((a, b) => a - b);
  assert.deepEqual(found, [...found.keys()], 'clusters must be numbered 0, 1, … without a gap (−1 is noise)');
}
