import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Matrix } from '../core/matrix.ts';
import type { FittedTransformer, TransformerSpecification } from '../define/define-transformer.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { columnTransformer } from './column-transformer/column-transformer.ts';
import { minMaxScaler } from './min-max-scaler/min-max-scaler.ts';
import { oneHotEncoder } from './one-hot-encoder/one-hot-encoder.ts';
import { ordinalEncoder } from './ordinal-encoder/ordinal-encoder.ts';
import { pipeline } from './pipeline/pipeline.ts';
import {
  type Cells,
  casesOf,
  difference,
  rowsOf,
  tableOf,
  target,
  translate,
  weights,
} from './scikit-learn.fixture.ts';
import { simpleImputer } from './simple-imputer/simple-imputer.ts';
import { standardScaler } from './standard-scaler/standard-scaler.ts';

// Sums of 60 numbers in another order, by the two-pass algorithm on either side.
const TOLERANCE = 1e-12;

/** A mean is known to a rounding error of its own size, which counts in units of the deviation once it is taken off. */
function roundingOfMeans(fitted: Record<string, Cells>): number[] {
  const [means, scales] = [fitted.mean, fitted.scale].map((values) => toCells(values) as number[] | null);
  return (means ?? []).map((mean, j) => (4 * Number.EPSILON * Math.abs(mean)) / (scales?.[j] ?? 1));
}

const factories: Record<string, { from(options: unknown): TransformerSpecification }> = {
  simpleImputer,
  standardScaler,
  minMaxScaler,
  oneHotEncoder,
  ordinalEncoder,
};

for (const reference of casesOf(...Object.keys(factories))) {
  const { model, options, table, columns, weighted, expected } = reference;
  const what = `${model} ${JSON.stringify(options)} on ${table}${weighted ? ', weighted' : ''}`;
  test(`${what} gives what scikit-learn gives`, async () => {
    const x = tableOf([table], columns);
    const fitted = (await factories[model]!.from(options).fit(x, undefined, {
      sampleWeight: weighted ? weights : undefined,
      onWarning: () => {},
    })) as FittedTransformer<Record<string, Cells> & { featureNamesOut: readonly string[] }>;
    assert.deepEqual(fitted.featureNamesOut, expected.names.map(translate));
    const transformed = await fitted.transform(x);
    assert.deepEqual(transformed.names, expected.names.map(translate));
    const rounding = model === 'standardScaler' ? roundingOfMeans(fitted) : [];
    for (const j of expected.names.keys()) {
      const column = (rows: Cells): Cells => (rows as readonly (readonly Cells[])[]).map((row) => row[j]!);
      const [actual, wanted] = [column(rowsOf(transformed)), column(expected.train)];
      assert.ok(difference(actual, wanted) <= TOLERANCE + (rounding[j] ?? 0), `training rows, column ${j}`);
    }
    if (reference.test) {
      const later = rowsOf(await fitted.transform(tableOf([reference.test], columns)));
      assert.ok(difference(later, expected.test!) <= TOLERANCE, 'later rows');
    }
    for (const [name, value] of Object.entries(expected.attributes)) {
      if (value === null && name !== 'drop_idx') continue;
      const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const actual = toCells(fitted[camel]);
      const wanted = name === 'drop_idx' && value === null ? (actual as null[]).map(() => null) : value;
      assert.ok(difference(actual, wanted) <= TOLERANCE, `${camel}: ${JSON.stringify([actual, wanted])}`);
    }
  });
}

function toCells(value: unknown): Cells {
  if (ArrayBuffer.isView(value) || Array.isArray(value))
    return Array.from(value as ArrayLike<unknown>, toCells);
  return Number.isNaN(value) ? null : (value as Cells);
}

const mixedColumns = (options: Readonly<Record<string, unknown>>) =>
  columnTransformer.from({
    transformers: [
      { name: 'text', transformer: oneHotEncoder({ handleUnknown: 'ignore' }), columns: ['binary', 'color'] },
      {
        name: 'numbers',
        transformer: pipeline({ impute: simpleImputer(), scale: standardScaler() }),
        columns: ['heavy', 'plain', 'ties'],
      },
      { name: 'same', transformer: 'passthrough', columns: ['flag'] },
      { name: 'nothing', transformer: 'drop', columns: ['nearly'] },
    ],
    ...options,
  });

for (const { options, expected } of casesOf('columns')) {
  test(`a column transformer ${JSON.stringify(options)} gives what scikit-learn gives`, async () => {
    const x = tableOf(['numbers', 'mixed']).drop(['size', 'rare', 'far']);
    const fitted = await mixedColumns(options).fit(x);
    const transformed = (await fitted.transform(x)) as Matrix;
    assert.deepEqual(transformed.names, expected.names.map(translate));
    assert.deepEqual(fitted.featureNamesOut, transformed.names);
    assert.ok(difference(rowsOf(transformed), expected.train) <= TOLERANCE);
    const later = await fitted.transform(tableOf(['numbers', 'later']));
    assert.ok(difference(rowsOf(later), expected.test!) <= TOLERANCE);
  });
}

test('a pipeline of column transformer and ridge predicts what scikit-learn predicts', async () => {
  const { expected } = casesOf('pipeline')[0]!;
  const x = tableOf(['numbers', 'mixed']);
  const model = await pipeline({ columns: mixedColumns({}), ridge: ridge({ alpha: 0.5 }) }).fit(x, target);
  // Condition 1e2: the solutions of two direct methods differ by some hundred rounding errors.
  assert.ok(difference([...model.steps.ridge.coef], expected.coef) < TOLERANCE);
  assert.ok(difference([...(await model.predict(x))], expected.train) < TOLERANCE);
  const later = await model.predict(tableOf(['numbers', 'later']));
  assert.ok(difference([...later], expected.test!) < TOLERANCE);
});
