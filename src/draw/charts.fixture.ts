import { RandomState } from '../core/random.ts';
import {
  barChart,
  beeswarm,
  calibrationPlot,
  dotPlot,
  heatMap,
  histogram,
  lineChart,
  scatter,
  sparkBars,
  trainingCurve,
  treeDiagram,
  unitCurves,
  waterfall,
} from './index.ts';

const random = new RandomState(7);
const price = Array.from({ length: 60 }, (_, i) => 90_000 + 4_000 * i);
const predicted = price.map((value) => Math.round(value + 20_000 * random.standardNormal()));

const effects = Array.from({ length: 3 }, (_, k) => {
  const shades = Array.from({ length: 150 }, (_, i) =>
    k === 1 && i % 9 === 0 ? Number.NaN : random.standardNormal(),
  );
  return {
    shades,
    values: shades.map((z) => ((Number.isNaN(z) ? 2 : z) * 9_000) / (k + 1) + 500 * random.standardNormal()),
  };
});

/** One example of every chart, by the name of its snapshot. */
export const examples: Readonly<Record<string, () => string>> = {
  'bar-chart': () =>
    barChart(
      [
        { label: '北京', value: 420 },
        { label: 'Residential, low density (with a long name that is cut off)', value: 230 },
        { label: '<script>alert("1")</script>', value: 60 },
        { label: '12 others', value: 25, tone: 'muted' },
      ],
      { title: 'Rows by zone', xLabel: 'Rows' },
    ),
  beeswarm: () =>
    beeswarm(
      [
        { label: '面积', ...effects[0]! },
        { label: 'year built (with a long name that is cut off)', ...effects[1]! },
        { label: 'sum of 12 others', values: effects[2]!.values },
      ],
      { title: 'What moves the price', xLabel: 'Effect on the prediction' },
    ),
  'calibration-plot': () =>
    calibrationPlot(
      [
        {
          name: 'yes',
          predicted: [0.05, 0.25, 0.45, 0.7, 0.93],
          observed: [0.02, 0.2, 0.5, 0.66, 0.97],
          counts: [310, 120, 60, 90, 240],
        },
      ],
      { title: 'Calibration of yes' },
    ),
  'dot-plot': () =>
    dotPlot(
      [
        { label: 'gradient-boosting', value: 0.91, low: 0.88, high: 0.93, parts: [0.88, 0.9, 0.92, 0.93] },
        { label: 'ridge', value: 0.84, low: 0.79, high: 0.88 },
        { label: 'baseline', value: -0.01, tone: 'muted' },
      ],
      { title: 'R² in cross-validation', xLabel: 'R²', reference: -0.01 },
    ),
  'heat-map': () =>
    heatMap(
      {
        rows: ['setosa', 'versicolor', 'virginica'],
        columns: ['setosa', 'versicolor', 'virginica'],
        shares: [
          [1, 0, 0],
          [0, 0.9, 0.1],
          [0, 0.2, 0.8],
        ],
        texts: [
          ['10\n100%', '0', '0'],
          ['0', '9\n90%', '1\n10%'],
          ['0', '2\n20%', '8\n80%'],
        ],
      },
      { title: 'Confusion matrix', rowLabel: 'Truth', columnLabel: 'Predicted' },
    ),
  'heat-map-of-many': () =>
    heatMap(
      {
        rows: Array.from({ length: 9 }, (_, i) => `class ${i}`),
        columns: Array.from({ length: 9 }, (_, i) => (i === 4 ? 'a class with a long name' : `class ${i}`)),
        shares: Array.from({ length: 9 }, (_, i) =>
          Array.from({ length: 9 }, (_, j) => (i === j ? 0.9 : 0.0125)),
        ),
        texts: Array.from({ length: 9 }, (_, i) =>
          Array.from({ length: 9 }, (_, j) => (i === j ? '72\n90%' : '1\n1.3%')),
        ),
      },
      { title: 'Confusion matrix of nine classes', rowLabel: 'Truth', columnLabel: 'Predicted' },
    ),
  histogram: () =>
    histogram(
      { min: -40, max: 60, counts: [1, 4, 9, 22, 30, 18, 9, 5, 0, 1] },
      { title: 'Residuals', xLabel: 'Residual', mark: 0 },
    ),
  'histogram-of-dates': () =>
    histogram(
      { min: Date.UTC(2024, 0, 1), max: Date.UTC(2025, 0, 1), counts: [12, 15, 9, 30, 41, 28] },
      { title: 'Sales by day', xLabel: 'sold', isDate: true },
    ),
  'line-chart': () =>
    lineChart(
      [
        {
          name: 'Training rows',
          x: [50, 100, 200, 400],
          y: [0.99, 0.97, 0.96, 0.95],
          low: [0.98, 0.96, 0.95, 0.945],
          high: [1, 0.98, 0.97, 0.955],
        },
        {
          name: 'Validation rows',
          x: [50, 100, 200, 400],
          y: [0.6, 0.74, 0.82, 0.88],
          low: [0.5, 0.69, 0.8, 0.87],
          high: [0.7, 0.79, 0.84, 0.89],
        },
      ],
      { title: 'Learning curve', xLabel: 'Training rows', yLabel: 'R²' },
    ),
  scatter: () =>
    scatter(
      { x: predicted, y: price },
      { title: 'Truth over prediction', xLabel: 'Predicted 售价', yLabel: 'Truth', reference: 'diagonal' },
    ),
  'spark-bars': () => sparkBars([1, 4, 9, 22, 30, 18, 9, 5, 0, 1]),
  'training-curve': () =>
    trainingCurve({
      lossCurve: Array.from({ length: 40 }, (_, i) => 0.1 + 2 * Math.exp(-i / 8)),
      validationLossCurve: Array.from({ length: 40 }, (_, i) => 0.3 + 1.7 * Math.exp(-i / 7) + 0.004 * i),
    }),
  'tree-diagram': () =>
    treeDiagram(
      {
        ...{ lines: ['面积 ≤ 1,500', 'n = 120', '216,000'], color: 'var(--chart-1, #3d7dd8)', share: 0.5 },
        children: [
          { lines: ['142,000', 'n = 50'], color: 'var(--chart-1, #3d7dd8)', share: 0, edge: 'yes' },
          {
            ...{
              lines: ['quality ≤ 6.5', 'n = 70', '268,900'],
              color: 'var(--chart-1, #3d7dd8)',
              share: 0.7,
              edge: 'no',
            },
            children: [
              { lines: ['231,000', 'n = 40'], color: 'var(--chart-1, #3d7dd8)', share: 0.6, edge: 'yes' },
              { lines: ['319,400', 'n = 30'], color: 'var(--chart-1, #3d7dd8)', share: 1, edge: 'no' },
            ],
          },
        ],
      },
      { title: 'A tree of prices' },
    ),
  'unit-curves': () =>
    unitCurves(
      [
        { name: 'yes (0.93)', x: [0, 0, 0.1, 0.1, 0.4, 1], y: [0, 0.5, 0.5, 0.9, 1, 1] },
        { name: 'no (0.81)', x: [0, 0.2, 0.3, 1], y: [0, 0.7, 0.8, 1] },
      ],
      {
        title: 'ROC curves',
        xLabel: 'False positive rate',
        yLabel: 'True positive rate',
        reference: 'diagonal',
      },
    ),
  waterfall: () =>
    waterfall(
      [
        { label: '面积 = 1,970', value: 42_300 },
        { label: 'quality = 5', value: -18_200 },
        { label: 'year built = 1961', value: -9_050 },
        { label: '9 others', value: 3_100, tone: 'muted' },
      ],
      {
        title: 'How the price came about',
        xLabel: 'Price',
        start: { label: 'mean', value: 180_900 },
        endLabel: 'prediction',
      },
    ),
};
