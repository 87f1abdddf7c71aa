import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { Matrix } from '../../core/matrix.ts';
import type { TransformerSpecification } from '../../define/define-transformer.ts';
import { specificationFromJson } from '../../define/specification.ts';
import { findModel } from '../../models/registry.ts';
import { minMaxScaler } from '../min-max-scaler/min-max-scaler.ts';
import { oneHotEncoder } from '../one-hot-encoder/one-hot-encoder.ts';
import { pipeline } from '../pipeline/pipeline.ts';
import { simpleImputer } from '../simple-imputer/simple-imputer.ts';
import { standardScaler } from '../standard-scaler/standard-scaler.ts';
import { columnTransformer } from './column-transformer.ts';
import { halved } from './halved.fixture.ts';

const x = Frame.fromColumns({
  size: [1, null, 3, 8],
  color: ['red', 'blue', null, 'blue'],
  sold: [true, false, true, false],
  price: [10, 20, 30, 50],
});

const mixed = columnTransformer({
  transformers: [
    { columns: { kinds: ['string'] }, transformer: oneHotEncoder() },
    { columns: { kinds: ['number'] }, transformer: pipeline(simpleImputer(), minMaxScaler()) },
  ],
  remainder: 'passthrough',
});

test('groups of columns come out side by side in the order of their transformers, the remainder last', async () => {
  const fitted = await mixed.fit(x);
  const transformed = (await fitted.transform(x)) as Matrix;
  assert.deepEqual(transformed.names, [
    'oneHotEncoder__color_blue',
    'oneHotEncoder__color_red',
    'oneHotEncoder__color_nan',
    'pipelineTransformer__size',
    'pipelineTransformer__price',
    'remainder__sold',
  ]);
  assert.deepEqual(transformed.toRows(), [
    [0, 1, 0, 0, 0, 1],
    [1, 0, 0, 3 / 7, 0.25, 0],
    [0, 0, 1, 2 / 7, 0.5, 1],
    [1, 0, 0, 1, 1, 0],
  ]);
  assert.deepEqual(fitted.namedTransformers.oneHotEncoder!.categories, [['blue', 'red', null]]);
  assert.deepEqual([...fitted.namedTransformers.pipelineTransformer!.steps.minMaxScaler.dataMax], [8, 50]);
});

test('columns may be positions or match a pattern, and be used twice', async () => {
  const fitted = await columnTransformer({
    transformers: [
      { name: 'a', columns: [-1, 0], transformer: 'passthrough' },
      { name: 'b', columns: { pattern: '^s', kinds: ['number', 'boolean'] }, transformer: 'passthrough' },
      { name: 'c', columns: { pattern: '^none' }, transformer: standardScaler() },
    ],
  }).fit(x);
  assert.deepEqual(fitted.featureNamesOut, ['a__price', 'a__size', 'b__size', 'b__sold']);
});

test('a transformer without a way to write in place is copied, and must keep its number of columns', async () => {
  const entries = [{ name: 'half', columns: ['price'], transformer: halved() }];
  const fitted = await columnTransformer({ transformers: entries, remainder: 'drop' }).fit(x);
  assert.deepEqual(((await fitted.transform(x)) as Matrix).toRows(), [[5], [10], [15], [25]]);
  const fickle = [{ name: 'half', columns: ['price'], transformer: halved({ twiceFrom: 2 }) }];
  const grows = await columnTransformer({ transformers: fickle }).fit(x);
  await assert.rejects(grows.transform(x), { code: 'data/column-count', message: /gave 2 columns/ });
});

test('a column that is absent is refused by its name, in fit with the nearest one and in transform', async () => {
  const misspelt = columnTransformer({
    transformers: [{ columns: ['prize'], transformer: standardScaler() }],
  });
  await assert.rejects(misspelt.fit(x), { code: 'data/missing-column', message: /'prize'.*'price'/ });
  const beyond = columnTransformer({ transformers: [{ columns: [7], transformer: standardScaler() }] });
  await assert.rejects(beyond.fit(x), { code: 'data/missing-column', message: /position 7/ });
  const fitted = await mixed.fit(x);
  await assert.rejects(fitted.transform(x.drop(['color'])), {
    code: 'data/missing-column',
    message: /'color'/,
  });
});

test('text that would reach the result is refused in fit', async () => {
  for (const transformer of ['passthrough', simpleImputer({ strategy: 'mostFrequent' })] as const) {
    const fit = columnTransformer({ transformers: [{ columns: ['color'], transformer }] }).fit(x);
    await assert.rejects(fit, { code: 'data/not-a-number', message: /'color' holds text/ });
  }
});

test('names that repeat are refused', async () => {
  const twice = [
    { name: 'a', columns: ['price'], transformer: 'passthrough' as const },
    { name: 'a', columns: ['size'], transformer: 'passthrough' as const },
  ];
  assert.throws(() => columnTransformer({ transformers: twice }), { code: 'option/invalid', message: /'a'/ });
  const same = twice.map((entry, i) => ({ ...entry, name: `t${i}`, columns: ['price'] }));
  const plain = columnTransformer({ transformers: same, verboseFeatureNamesOut: false });
  await assert.rejects(plain.fit(x), { code: 'data/duplicate-column', message: /'price'/ });
  assert.deepEqual((await columnTransformer({ transformers: same }).fit(x)).featureNamesOut, [
    't0__price',
    't1__price',
  ]);
});

test('a result without columns, and a table without rows, are refused', async () => {
  await assert.rejects(columnTransformer({ transformers: [] }).fit(x), { code: 'data/no-columns' });
  await assert.rejects(mixed.fit(x.take([])), { code: 'data/no-rows' });
});

test('weights reach the transformers that take them', async () => {
  const both = columnTransformer({
    transformers: [
      { columns: ['price'], transformer: standardScaler() },
      { columns: ['size'], transformer: simpleImputer() },
    ],
  });
  const fitted = await both.fit(x, undefined, { sampleWeight: [1, 0, 0, 1] });
  assert.deepEqual([...fitted.namedTransformers.standardScaler!.mean], [30]);
  assert.deepEqual(fitted.namedTransformers.simpleImputer!.statistics, [4]);
});

test('warnings of transformers reach the caller', async () => {
  const empty = x.with('size', Frame.fromColumns({ size: [null, null, null, null] }).column('size'));
  const codes: string[] = [];
  await mixed.fit(empty, undefined, { onWarning: ({ code }) => codes.push(code) });
  assert.deepEqual(codes, ['simple-imputer/empty-column']);
});

test('a specification survives JSON', async () => {
  const json = JSON.parse(JSON.stringify(mixed));
  const revived = (await specificationFromJson(
    json,
    async (name) => (await findModel(name))!,
  )) as TransformerSpecification;
  const expected = await (await mixed.fit(x)).transform(x);
  assert.deepEqual(await (await revived.fit(x)).transform(x), expected);
});

test('the number of threads does not change a bit', async () => {
  const rows = 30_001;
  const levels = Array.from({ length: 30 }, (_, i) => `level ${i}`);
  const large = Frame.fromColumns({
    ...Object.fromEntries(
      Array.from({ length: 6 }, (_, j) => [
        `x${j}`,
        Float64Array.from({ length: rows }, (_, i) =>
          i % 17 === j ? Number.NaN : Math.sin(i * (j + 1)) * 10 + j,
        ),
      ]),
    ),
    t: { kind: 'string', levels, codes: Int32Array.from({ length: rows }, (_, i) => ((i * 7) % 31) - 1) },
  });
  const [one, two] = await Promise.all(
    [1, 2].map(async (threads) => {
      const fitted = await mixed.fit(large, undefined, { threads });
      return (await fitted.transform(large, { threads })) as Matrix;
    }),
  );
  assert.ok(one instanceof Matrix && one.columns === 37);
  assert.deepEqual(one.data, two!.data);
});
