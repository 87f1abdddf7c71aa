import { columnFromCells, Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import type { TableLike } from '../../src/core/table.ts';
import type { Definition } from '../../src/define/definition.ts';
import type { CheckTable } from '../check.ts';
import { assertFinite, type Outputs, outputsOf } from '../outputs.ts';
import { asFrame, type Sample, withCell, withColumn } from '../samples.ts';
import { assertRefused, type Subject, unlessRefused } from '../subject.ts';
import { areNumbers, takesMatrix } from '../traits.ts';
import { hasOutputs } from './shapes.ts';

const ROW = 5;
const COLUMN = 1;
/** With 7 columns more than the million cells from which on a search for unfit ones is put off. */
const MANY_ROWS = 150_000;

/** Cells that hold no finite number. */
export const unfitCellChecks = {
  'missing-in-fit': {
    holds: 'NaN and null in a fit are handled, or refused by column and row, as the definition says',
    async run(subject) {
      const sample = subject.sample();
      for (const [form, x] of Object.entries(withMissing(sample))) {
        // Rows of plain numbers have no names.
        const place = form === 'null in an array' ? `Column ${COLUMN}` : `'${sample.x.names![COLUMN]}'`;
        const fit = () => subject.fit({ x, y: sample.y });
        await acceptsOrNames(subject, `${form} in fit`, place, fit, (model) => outputsOf(model, x));
      }
    },
  },
  'missing-in-predict': {
    holds:
      'NaN and null in rows to predict are handled, or refused by column and row, as the definition says',
    when: hasOutputs,
    async run(subject) {
      const sample = subject.sample();
      const accepts = subject.definition.missing === 'accepted';
      const seen = accepts ? Object.values(withMissing(sample))[0]! : sample.x;
      const model = await subject.fit({ x: seen, y: sample.y });
      for (const [form, x] of Object.entries(withMissing(sample))) {
        const place = `'${sample.x.names![COLUMN]}'`;
        const predict = () => outputsOf(model, x);
        await acceptsOrNames(subject, `${form} in predict`, place, predict, async (outputs) => outputs);
      }
    },
  },
  'unfit-in-many-rows': {
    holds:
      'a missing or infinite number among a million is refused by its column and row, in fit and in predict',
    when: ({ missing }) => missing === 'propagated',
    async run(subject) {
      const { x, y } = subject.sample({ rows: MANY_ROWS, columns: 7 });
      const model = await subject.fit({ x, y });
      for (const [value, row] of [
        [Number.NaN, MANY_ROWS - 1],
        [Number.POSITIVE_INFINITY, 0],
      ] as const) {
        const unfit = withCell(x as Matrix, row, COLUMN, value);
        const refusal = {
          codes: ['data/missing-value', 'data/infinite-value'],
          mentions: [`'${x.names![COLUMN]}'`, `row ${row}`],
        };
        await assertRefused(`${value} in fit`, () => subject.fit({ x: unfit, y }), refusal);
        await assertRefused(`${value} in predict`, () => outputsOf(model, unfit), refusal);
      }
    },
  },
  'infinity-refused': {
    holds: 'an infinite number gives finite outputs or is refused by its column, in fit and in predict',
    when: (_, traits) => areNumbers(traits),
    async run(subject) {
      const sample = subject.sample();
      const model = await subject.fit(sample);
      for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const x = withCell(sample.x as Matrix, ROW, COLUMN, value);
        const fit = () => subject.fit({ x, y: sample.y });
        const predict = () => outputsOf(model, x);
        if (!isLenient(subject.definition)) {
          const refusal = {
            codes: ['data/infinite-value'],
            mentions: [sample.x.names![COLUMN]!, String(value)],
          };
          await assertRefused(`${value} in fit`, fit, refusal);
          if (hasOutputs(subject.definition)) await assertRefused(`${value} in predict`, predict, refusal);
          continue;
        }
        for (const attempt of [predict, async () => outputsOf(await fit(), x)]) {
          const outputs = await unlessRefused(attempt);
          if (outputs !== undefined) assertFinite(outputs, `with ${value} in x`);
        }
      }
    },
  },
  'text-refused': {
    holds: 'text in a column of numbers is refused by its name, in fit and in predict',
    when: (definition, traits) => hasOutputs(definition) && areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const name = x.names![COLUMN]!;
      const text = columnFromCells(
        name,
        Array.from({ length: x.rows }, () => '很大'),
      );
      const wrong = withColumn(x, name, text);
      const refusal = { codes: ['data/not-a-number', 'data/column-kind'], mentions: [`'${name}'`] };
      const model = await subject.fit({ x: asFrame(x), y });
      await assertRefused('text in predict', () => outputsOf(model, wrong), refusal);
      if (takesMatrix(subject.definition))
        await assertRefused('text in fit', () => subject.fit({ x: wrong, y }), refusal);
    },
  },
  'unfit-cells-in-one-row': {
    holds: 'predictRow refuses what is no finite number by its column, and rows of another length',
    when: (definition, traits) =>
      definition.kind in rowKinds && takesMatrix(definition) && areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const row = Array.from((x as Matrix).row(0));
      const name = x.names![COLUMN]!;
      const predictRow = (value: unknown) => () => model.predictRow!(value as number[]);
      await assertRefused('a row that is too short', predictRow(row.slice(1)), {
        codes: ['data/column-count'],
      });
      await assertRefused('text in a row', predictRow(row.with(COLUMN, '很大' as never)), {
        codes: ['data/not-a-number'],
        mentions: [name],
      });
      if (subject.definition.missing === 'accepted') return;
      const record = Object.fromEntries(x.names!.map((column, j) => [column, row[j]]));
      for (const bad of [
        row.with(COLUMN, Number.NaN),
        row.with(COLUMN, Infinity),
        { ...record, [name]: null },
      ]) {
        const codes = ['data/not-a-number', 'data/missing-value', 'data/infinite-value'];
        await assertRefused(JSON.stringify(bad), predictRow(bad), { codes, mentions: [name] });
      }
      const { [name]: _, ...lacking } = record;
      await assertRefused('a row without a column', predictRow(lacking), {
        codes: ['data/missing-column'],
        mentions: [name],
      });
    },
  },
} satisfies CheckTable;

const rowKinds = { regressor: true, classifier: true };

/** The sample with one missing cell, in every form that can hold it. */
function withMissing({ x }: Sample): Record<string, TableLike> {
  if (x instanceof Frame) {
    const cells = x
      .toRecords()
      .map((record, i) => (i === ROW ? { ...record, [x.names[COLUMN]!]: null } : record));
    return { 'null in an object': cells, 'null in a frame': Frame.fromRecords(cells) };
  }
  const matrix = withCell(x, ROW, COLUMN, Number.NaN);
  const records = asFrame(matrix).toRecords();
  const rows = matrix.toRows().map((row) => row.map((value) => (Number.isNaN(value) ? null : value)));
  const { columns, data } = matrix;
  const named = new Matrix<Float32Array>({
    rows: x.rows,
    columns,
    data: Float32Array.from(data),
    names: x.names,
  });
  return { NaN: matrix, 'NaN in float32': named, 'null in an object': records, 'null in an array': rows };
}

/** Whether the model may take some cells that are not finite; which ones is its own matter. */
function isLenient(definition: Definition): boolean {
  return definition.missing === 'accepted' || !takesMatrix(definition);
}

async function acceptsOrNames<T>(
  { definition }: Subject,
  what: string,
  place: string,
  attempt: () => Promise<T>,
  use: (result: T) => Promise<Outputs>,
): Promise<void> {
  if (!isLenient(definition)) {
    return assertRefused(what, attempt, { codes: ['data/missing-value'], mentions: [place, `row ${ROW}`] });
  }
  const result = definition.missing === 'accepted' ? await attempt() : await unlessRefused(attempt);
  // A transformer may pass a missing value on, a prediction may not be missing.
  if (result !== undefined && definition.kind !== 'transformer') assertFinite(await use(result), what);
}
