import { OptionError } from '../core/errors.ts';
import { type Column, codeStrings, columnCell, type Frame } from '../core/frame.ts';
import type { Label } from '../core/labels.ts';
import type { Matrix } from '../core/matrix.ts';
import { sharedArray } from '../core/shared.ts';
import { toFrame } from '../core/table.ts';
import type { FittedClusterer } from '../define/define-clusterer.ts';
import type { FittedTransformer } from '../define/define-transformer.ts';
import type { PredictOptions } from '../define/fit-options.ts';
import { hasMethod } from '../define/run.ts';
import type { Predictor } from '../select/evaluate-model.ts';
import { type Predictions, predictTable } from '../select/predict-table.ts';
import type { LoadedModel } from '../store/model-file.ts';
import { freeName } from './free-name.ts';
import { layOut, shorten } from './layout.ts';
import { cellText, firstCells, predictionLines } from './prediction-lines.ts';

/** What a model of any kind says of each row of a table. */
export interface RowOutput {
  readonly problem: 'regression' | 'classification' | 'clustering' | 'transformation';
  /** The table with what the model says of its rows. */
  readonly table: Frame;
  /** For programs. */
  readonly json: object;
  /** The first rows, for people. */
  lines(rows: number): string[];
}

type Columns = readonly (readonly [name: string, column: Column])[];

/** Columns of a transformer shown side by side. */
const SHOWN_COLUMNS = 8;

/** @throws OptionError for a clusterer that cannot place new rows; DataError naming a column that is missing or unfit. */
export async function rowOutput(model: LoadedModel, table: Frame, how: PredictOptions): Promise<RowOutput> {
  if (model.kind === 'clusterer') return clusterOutput(model, table, how);
  if (model.kind === 'transformer') return transformedOutput(model, table, how);
  if (model.target.kind === 'values' && model.target.several) {
    return severalOutput((await model.predict(table, how)) as Matrix, table, model.target.names);
  }
  const predictions = await predictTable(model as Predictor, table, how);
  return {
    problem: predictions.kind,
    table: withColumns(table, predictionColumns(predictions)),
    json: predictionJson(predictions),
    lines: (rows) => predictionLines(predictions, { rows }),
  };
}

function predictionJson(predictions: Predictions): object {
  if (predictions.kind === 'regression') {
    const { values, intervals } = predictions;
    return { predictions: values, intervals: intervals && rowsOf(intervals) };
  }
  const { values, classes, probabilities } = predictions;
  return { predictions: values, classes, probabilities: probabilities && rowsOf(probabilities) };
}

function predictionColumns(predictions: Predictions): Columns {
  if (predictions.kind === 'regression') {
    const { values, intervals } = predictions;
    const bounds =
      intervals && ['lower', 'upper'].map((name, k) => [name, numbers(intervals.column(k))] as const);
    return [['prediction', numbers(values)], ...(bounds ?? [])];
  }
  const { values, classes, probabilities } = predictions;
  return [
    ['prediction', labelColumn(values)],
    ...(probabilities === undefined
      ? []
      : classes.map(
          (label, c) => [`probability_${String(label)}`, numbers(probabilities.column(c))] as const,
        )),
  ];
}

function severalOutput(predicted: Matrix, table: Frame, names: readonly string[] | undefined): RowOutput {
  const columns: Columns = Array.from({ length: predicted.columns }, (_, j) => [
    `prediction_${names?.[j] ?? j}`,
    numbers(predicted.column(j)),
  ]);
  return {
    problem: 'regression',
    table: withColumns(table, columns),
    json: { targets: names ?? null, predictions: rowsOf(predicted) },
    lines: (rows) => columnLines(columns, rows),
  };
}

async function clusterOutput(model: FittedClusterer, table: Frame, how: PredictOptions): Promise<RowOutput> {
  const { definition, options, name } = model.specification;
  if (!hasMethod(definition, 'predict', options)) {
    throw new OptionError(
      'model/no-method',
      `The model (${name}) groups the rows that it was given and cannot place others. k-means and mini-batch-k-means can.`,
      { model: name, method: 'predict' },
    );
  }
  const labels = await model.predict(table, how);
  const columns: Columns = [['cluster', numbers(Float64Array.from(labels))]];
  return {
    problem: 'clustering',
    table: withColumns(table, columns),
    json: { predictions: labels },
    lines: (rows) => columnLines(columns, rows),
  };
}

/** The columns that the transformer reads give way to what it makes of them. */
async function transformedOutput(
  model: FittedTransformer,
  table: Frame,
  how: PredictOptions,
): Promise<RowOutput> {
  const transformed = toFrame(await model.transform(table, how));
  const columns = transformed.entries();
  const others = table.drop(model.schema.names ?? table.names);
  return {
    problem: 'transformation',
    table: withColumns(others, columns),
    json: {
      columns: transformed.names,
      transformed: Array.from({ length: table.rows }, (_, i) =>
        columns.map(([, column]) => columnCell(column, i)),
      ),
    },
    lines: (rows) => columnLines(columns, rows),
  };
}

/** The table with further columns; a column of such a name that was there already keeps it. */
function withColumns(table: Frame, columns: Columns): Frame {
  let result = table;
  for (const [name, column] of columns) result = result.with(freeName(result, name), column);
  return result;
}

function columnLines(columns: Columns, rows: number): string[] {
  const shown = columns.slice(0, SHOWN_COLUMNS);
  const more = columns.length > shown.length;
  const cells = shown.map(([, column]) => firstCells(column, rows).map(cellText));
  const header = ['row', ...shown.map(([name]) => shorten(name, 20)), ...(more ? ['…'] : [])];
  const body = Array.from({ length: rows }, (_, i) => [
    String(i + 1),
    ...cells.map((column) => column[i]!),
    ...(more ? ['…'] : []),
  ]);
  return layOut(
    [header, ...body],
    header.map(() => 'right' as const),
  );
}

function rowsOf(matrix: Matrix): Float64Array[] {
  return Array.from({ length: matrix.rows }, (_, i) => matrix.row(i));
}

function numbers(values: Float64Array): Column {
  return { kind: 'number', values };
}

function labelColumn(labels: readonly Label[]): Column {
  if (typeof labels[0] === 'string') return codeStrings(labels.length, (i) => labels[i] as string);
  if (typeof labels[0] === 'boolean') {
    const values = sharedArray(Uint8Array, labels.length);
    for (const [i, label] of labels.entries()) values[i] = label === true ? 1 : 0;
    return { kind: 'boolean', values };
  }
  return numbers(Float64Array.from(labels as readonly number[]));
}
