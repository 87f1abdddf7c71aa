// For every check a model that fails it, and what the failure must say.
import { z } from 'zod';
import { Frame } from '../src/core/frame.ts';
import { Matrix } from '../src/core/matrix.ts';
import { option, uniform } from '../src/core/options.ts';
import type { ModelFactory } from '../src/define/specification.ts';
import type { CheckOptions } from './check-model.ts';
import type { CheckName } from './checks.ts';
import { halves, lifted, means, slopes, standardise } from './sound-models.fixture.ts';
import { type Defect, type FitArguments, spoil } from './spoil.fixture.ts';
import type { AnyFitted } from './subject.ts';

export interface Broken {
  readonly model: ModelFactory;
  /** The message of the failing check. */
  readonly says: RegExp;
  readonly how?: CheckOptions;
}

const regressor = (says: RegExp, defect: Defect, how?: CheckOptions): Broken =>
  broken(slopes, says, defect, how);
const classifier = (says: RegExp, defect: Defect): Broken => broken(means, says, defect);
const transformer = (says: RegExp, defect: Defect): Broken => broken(standardise, says, defect);
const clusterer = (says: RegExp, defect: Defect): Broken => broken(halves, says, defect);

function broken(sound: unknown, says: RegExp, defect: Defect, how: CheckOptions = {}): Broken {
  return { model: spoil(sound as ModelFactory, defect), says, how };
}

const numbers = (x: unknown) => (x instanceof Frame ? x.toMatrix() : (x as Matrix));
const shifted = (y: unknown, by: number) => Float64Array.from(y as Float64Array, (value) => value + by);
const withoutWeights = ({ options: { sampleWeight: _, ...options } }: FitArguments) => ({ options });
/** A regressor whose predictions are `map(sound predictions, x)`. */
const predicting = (map: (values: Float64Array, x: never) => unknown): Defect => ({
  model: (sound) => ({ predict: async (x: never) => map((await sound.predict!(x)) as Float64Array, x) }),
});
/** A regressor that predicts NaN for the fits that `when` picks. */
const nanWhen = (when: (x: Matrix, y: unknown) => boolean): Defect => ({
  model: (sound, { x, y }) =>
    x !== undefined && when(numbers(x), y)
      ? { predict: async () => new Float64Array(numbers(x).rows).fill(Number.NaN) }
      : { kind: sound.kind },
});
/** A regressor that sees 0 instead of what is not finite. */
const repaired = (x: unknown): Matrix => {
  if (Array.isArray(x) && !Array.isArray(x[0])) return repaired(Frame.fromRecords(x));
  const cells = x instanceof Frame || x instanceof Matrix ? numbers(x) : Matrix.fromRows(x as number[][]);
  const { rows, columns, names, data } = cells;
  return new Matrix({
    rows,
    columns,
    names,
    data: data.map((value) => (Number.isFinite(value) ? value : 0)),
  });
};
const firstRows = (x: Matrix) => x.take(Array.from({ length: 50 }, (_, i) => i));
const zeros = async (x: unknown) => new Float64Array((x as Matrix).rows);
let fits = 0;
let underWay = 0;

export const brokenModels: Readonly<Record<CheckName, Broken>> = {
  'definition-described': regressor(/summary must be a sentence/, { definition: { summary: 'slopes' } }),
  'definition-exported': regressor(/must export one model named 'elsewhere'/, {
    definition: { name: 'elsewhere' },
  }),
  'options-default': regressor(/default of 'shrink'/, {
    from: (given, sound) => sound(given ?? { shrink: 5 }),
  }),
  'options-described': regressor(/wrap option 'shrink'/, {
    definition: { options: z.strictObject({ shrink: z.number().default(1) }) },
  }),
  'options-search-range': regressor(/'shrink' refuses -1/, {
    definition: {
      options: z.strictObject({
        shrink: option(z.number().positive().default(1), 'Penalty.', uniform(-1, 1)),
      }),
    },
  }),
  'options-unknown-refused': regressor(/an unknown option must be refused/, {
    from: (_, sound) => sound({}),
  }),
  'options-frozen': regressor(/must be frozen/, { specification: () => ({}) }),
  'options-json': regressor(
    /shrink/,
    { specification: () => ({ toJSON: () => ({ $model: 'slopes', options: {} }) }) },
    { options: [{ shrink: 2 }] },
  ),
  'fit-leaves-specification': regressor(/fits/, {
    specification: () => ({ toJSON: () => ({ $model: 'slopes', options: { fits: fits++ } }) }),
  }),

  'input-forms-agree': regressor(
    /fit and use on frame/,
    predicting((values, x) => ((x as unknown) instanceof Frame ? shifted(values, 1) : values)),
  ),
  'y-forms-agree': regressor(/y as array/, {
    see: ({ y }) => ({ y: Array.isArray(y) ? y.toReversed() : y }),
  }),
  'booleans-are-numbers': regressor(/booleans/, {
    see: ({ x, y }) => ({
      y: x instanceof Frame && x.entries().some(([, { kind }]) => kind === 'boolean') ? shifted(y, 1) : y,
    }),
  }),
  'input-not-changed': regressor(/-?99/, {
    see({ x }) {
      (x as Matrix).data[0] = 99;
      return {};
    },
  }),
  'input-may-be-frozen': regressor(/read only|not extensible/, {
    see({ x }) {
      if (Array.isArray(x)) x[0] = x.at(-1);
      return {};
    },
  }),

  'output-shapes': regressor(
    /predictions for 48 rows/,
    predicting((values) => values.slice(1)),
  ),
  'no-rows-in-predict': regressor(/nothing to do/, {
    model: (sound) => ({
      async predict(x: Matrix) {
        if (x.rows === 0) throw new RangeError('nothing to do');
        return sound.predict!(x);
      },
    }),
  }),
  'absent-methods-refused': classifier(/decisionFunction must be refused/, {
    model: () => ({ decisionFunction: zeros }),
  }),
  'flat-array-refused': regressor(/a flat array in fit must be refused/, {
    see: ({ x }) => ({ x: Array.isArray(x) && typeof x[0] === 'number' ? x.map((value) => [value]) : x }),
  }),
  'one-column': regressor(
    /on the training rows: predict gives NaN/,
    nanWhen((x) => x.columns === 1),
  ),
  'more-columns-than-rows': regressor(
    /predict gives NaN/,
    nanWhen((x) => x.columns > x.rows),
  ),
  'one-row': regressor(
    /predict gives NaN/,
    nanWhen((x) => x.rows === 1),
  ),
  'several-targets': regressor(
    /must give a matrix/,
    predicting((values) => (values as unknown as Matrix).data ?? values),
  ),

  'columns-remembered': regressor(/names|3/, { model: () => ({ schema: { columns: 3 } }) }),
  'columns-in-any-order': regressor(/reversed columns/, {
    model: (sound) => ({
      predict: (x: unknown) => sound.predict!(x instanceof Frame ? numbers(x).toRows() : (x as Matrix)),
    }),
  }),
  'columns-extra-dropped': regressor(/too many/, {
    model: (sound) => ({
      async predict(x: unknown) {
        if (x instanceof Frame && x.names.length > 3) throw new RangeError('too many columns');
        return sound.predict!(x as Frame);
      },
    }),
  }),
  'columns-missing-refused': regressor(/x without '面积' must be refused .* but was accepted/, {
    model: (sound) => ({
      predict: (x: unknown) =>
        x instanceof Frame && x.names.length < 3 ? zeros(x) : sound.predict!(x as Frame),
    }),
  }),
  'columns-named-later': regressor(/a matrix with names/, {
    model: (sound, { x }) => ({
      predict: (rows: Matrix) =>
        sound.predict!(
          rows.names === undefined || (x as Matrix).names !== undefined
            ? rows
            : rows.take(rows.column(0).map((_, i) => rows.rows - 1 - i)),
        ),
    }),
  }),
  'columns-miscounted-refused': regressor(/2 columns must be refused .* but threw RangeError/, {
    model: () => ({ predict: () => Promise.reject(new RangeError('Invalid typed array length')) }),
  }),

  'missing-in-fit': regressor(/NaN in fit must be refused/, { see: ({ x }) => ({ x: repaired(x) }) }),
  'missing-in-predict': regressor(/NaN in predict must be refused/, { model: () => ({ predict: zeros }) }),
  'unfit-in-many-rows': regressor(/NaN in fit must be refused/, {
    definition: { missing: 'propagated' },
    fit: async ({ x, y, options }, sound) =>
      sound({ x: firstRows(repaired(x)), y: (y as Float64Array).slice(0, 50), options }),
  }),
  'infinity-refused': regressor(/Infinity in fit must be refused/, { see: ({ x }) => ({ x: repaired(x) }) }),
  'text-refused': regressor(/text in predict must be refused/, { model: () => ({ predict: zeros }) }),
  'unfit-cells-in-one-row': regressor(/a row that is too short must be refused/, {
    model: () => ({ predictRow: () => 0 }),
  }),

  'constant-column': regressor(
    /a constant column: predict gives NaN/,
    nanWhen((x) => new Set(x.column(1)).size === 1),
  ),
  'equal-columns': regressor(
    /equal columns: predict gives NaN/,
    nanWhen((x) => x.column(0).every((value, i) => value === x.at(i, 1))),
  ),
  'uneven-scales': regressor(
    /1e6: predict gives NaN/,
    nanWhen((x) => x.data.some((value) => value > 1e5)),
  ),
  'repeated-rows': regressor(
    /repeated rows: predict gives NaN/,
    nanWhen((x) => new Set(x.column(0)).size < x.rows),
  ),
  'constant-target': regressor(
    /a constant target: predict gives NaN/,
    nanWhen((_, y) => new Set(y as Float64Array).size === 1),
  ),
  'one-class-refused': classifier(/one class must be refused/, {
    see: ({ y }) => ({ y: new Set(y as string[]).size > 1 ? y : (y as string[]).with(0, 'other') }),
  }),
  'rare-class': classifier(/predictProba gives NaN/, {
    model: (sound, { y }) => ({
      async predictProba(x: Matrix) {
        const counts = sound.classes!.map(
          (label) => (y as string[]).filter((other) => other === label).length,
        );
        const result = (await sound.predictProba!(x)) as Matrix;
        if (Math.min(...counts) === 1) result.data.fill(Number.NaN);
        return result;
      },
    }),
  }),

  'x-empty-refused': regressor(/no rows must be refused/, {
    see: ({ x, y }) => ((x as Matrix).rows === 0 ? { x: [[1]], y: [1] } : { x, y }),
  }),
  'y-miscounted-refused': regressor(/y without its last row must be refused/, {
    see: ({ x, y }) => ({
      y: Float64Array.from({ length: (x as Matrix).rows }, (_, i) => (y as Float64Array)[i] ?? 0),
    }),
  }),
  'y-unfit-refused': regressor(/NaN in y must be refused/, {
    see: ({ y }) => ({
      y: Float64Array.from(y as number[], (value) => (Number.isFinite(value) ? value : 0)),
    }),
  }),
  'fit-options-unknown-refused': regressor(/sampleWeights must be refused/, { see: () => ({ options: {} }) }),
  'validation-rows': regressor(/validation without a column must be refused/, {
    see: () => ({ options: {} }),
  }),
  'continues-from-a-model': regressor(/continued on reversed columns: predict gives/, {
    see: () => ({ options: {} }),
  }),
  'continuing-refused': classifier(/from must be refused/, { see: () => ({ options: {} }) }),

  'labels-keep-their-type': classifier(/predict gives "-1"|numbers as classes/, {
    model: (sound) => ({
      predict: async (x: Matrix) => ((await sound.predict!(x)) as unknown[]).map(String),
    }),
  }),
  'classes-in-order': classifier(/deep-equal/, {
    model: (sound, { y }) => ({ classes: y === undefined ? sound.classes : [...new Set(y as string[])] }),
  }),
  'positive-class': classifier(/yes/, { model: ({ classes }) => ({ positiveClass: classes![0] }) }),
  'probabilities-valid': classifier(/the probabilities of row \d+ sum to 0\.9[89]/, {
    model: (sound) => ({
      async predictProba(x: Matrix) {
        const { rows, columns, data } = (await sound.predictProba!(x)) as Matrix;
        return new Matrix({ rows, columns, data: data.map((p) => 0.99 * p) });
      },
    }),
  }),
  'predict-agrees-with-scores': classifier(/row 0: predict gives class/, {
    model: (sound) => ({
      predict: async (x: Matrix) =>
        ((await sound.predict!(x)) as unknown[]).map((label) =>
          sound.classes!.find((other) => other !== label),
        ),
    }),
  }),
  'regressor-learns': regressor(/R² is/, { model: () => ({ predict: zeros }) }),
  'classifier-learns': classifier(/of the rows are right/, {
    model: ({ classes }) => ({ predict: async (x: Matrix) => new Array(x.rows).fill(classes![0]) }),
  }),

  'rows-in-any-batch': regressor(
    /1 rows: predict gives/,
    predicting((values) => shifted(values, values.length)),
  ),
  'rows-in-any-order': regressor(
    /reversed rows: predict gives/,
    predicting((values) => values.map((value, i) => value + i)),
  ),
  'rows-many': regressor(
    /rows of 20000: predict gives/,
    predicting((values) => shifted(values, values.length > 9000 ? 1 : 0)),
  ),
  'row-at-once': regressor(/predictRow of an object: predict gives/, {
    model: (sound) => ({ predictRow: (row: never) => (sound.predictRow!(row) as number) + 1e-6 }),
  }),

  'weights-repeat-rows': regressor(/weights against repeated rows/, { see: withoutWeights }),
  'weights-of-zero': regressor(/weights against rows left out/, { see: withoutWeights }),
  'weights-of-one': regressor(/weights against no weights/, {
    see: ({ y, options }) => ({ y: 'sampleWeight' in options ? shifted(y, 1) : y }),
  }),
  'weights-in-any-unit': regressor(/weights times 7/, {
    see: ({ y, options }) => ({ y: shifted(y, (options.sampleWeight as number[])[0]!) }),
  }),
  'weights-forms-agree': regressor(/typed weights/, {
    see: (given) => (ArrayBuffer.isView(given.options.sampleWeight) ? withoutWeights(given) : given),
  }),
  'weights-leave-one-class': classifier(/with one class left: predictProba gives NaN/, {
    model: (sound, { options }) => ({
      async predictProba(x: Matrix) {
        const result = (await sound.predictProba!(x)) as Matrix;
        if (options.sampleWeight !== undefined) result.data.fill(Number.NaN);
        return result;
      },
    }),
  }),
  'weights-unfit-refused': regressor(/a weight of -1 must be refused/, { see: withoutWeights }),
  'weights-unsupported-refused': broken(lifted, /sampleWeight must be refused/, { see: withoutWeights }),

  'transformed-names': transformer(/names repeat: a, a, a/, {
    model: (sound) => ({
      async transform(x: Frame) {
        const { rows, columns, data } = (await sound.transform!(x)) as Matrix;
        return new Matrix({ rows, columns, data, names: new Array(columns).fill('a') });
      },
    }),
  }),
  'transform-undone': transformer(/there and back: transform gives/, {
    model: (sound) => ({
      async inverseTransform(x: Matrix) {
        const { rows, columns, names, data } = (await sound.inverseTransform!(x)) as Matrix;
        return new Matrix({ rows, columns, names, data: data.map((value) => value + 1e-6) });
      },
    }),
  }),
  'transform-into-place': broken(lifted, /a block of a wider table: transform gives/, {
    model: (sound) => ({
      async transform(x: Matrix) {
        const { rows, columns, names, data } = (await sound.transform!(x)) as Matrix;
        return new Matrix({ rows, columns, names, data: data.map((value) => 2 * value) });
      },
    }),
  }),
  'labels-agree-with-predict': clusterer(/deep-equal/, {
    model: (sound) => ({
      predict: async (x: Matrix) => ((await sound.predict!(x)) as Int32Array).map((k) => 1 - k),
    }),
  }),

  'same-bits-again': regressor(/the state of a second fit/, {
    model: ({ state }) => ({ state: { ...state, at: performance.now() } }),
  }),
  'same-bits-on-any-threads': regressor(/the state of a fit on 2 threads/, {
    see: ({ y, options }) => ({ y: shifted(y, 1e-12 * ((options.threads as number | undefined) ?? 1)) }),
  }),
  'same-bits-on-any-threads-large': regressor(/the state of a fit on 2 threads/, {
    see: ({ x, y, options }) => ({
      y: shifted(y, numbers(x).rows < 1000 ? 0 : 1e-12 * ((options.threads as number | undefined) ?? 1)),
    }),
  }),
  'random-state': regressor(/no seed of null/, {
    from(given, sound) {
      if ((given as { readonly randomState?: unknown }).randomState === null)
        throw new RangeError('no seed of null');
      return sound(given);
    },
  }),
  'refit-forgets': regressor(/the state of a fit after another one/, {
    see: ({ y }) => ({ y: shifted(y, fits++) }),
  }),
  'predict-changes-nothing': regressor(/a second time: predict gives/, {
    model: (sound) => ({ predict: async (x: Matrix) => shifted(await sound.predict!(x), fits++) }),
  }),
  'fits-side-by-side': regressor(/fit \d of four at a time/, {
    async fit(given, sound) {
      const disturbed = underWay++ > 0;
      try {
        return await sound(disturbed ? { ...given, y: shifted(given.y, 1) } : given);
      } finally {
        underWay--;
      }
    },
  }),

  'state-is-plain-data': regressor(/state\.cache is \[object Map\], which no file can hold/, {
    model: ({ state }) => ({ state: { ...state, cache: new Map() } }),
  }),
  'record-restores': regressor(/the restored model: predict gives/, {
    model: (sound, { x }) =>
      x === undefined
        ? { predict: async (rows: Matrix) => shifted(await sound.predict!(rows), 1e-9) }
        : { kind: sound.kind },
  }),
  'file-restores': regressor(/the loaded model: predict gives/, {
    model: (sound) => ({
      record: () => ({ ...sound.record(), state: { ...sound.state, intercept: Float64Array.of(1) } }),
    }),
  }),
  disposal: regressor(/gone already/, {
    model() {
      let disposed = false;
      return {
        [Symbol.dispose]() {
          if (disposed) throw new RangeError('gone already');
          disposed = true;
        },
      };
    },
  }),
  'attributes-are-data': regressor(/attribute score is a function/, {
    model: () => ({ score: () => 1 }) as Partial<AnyFitted>,
  }),
  'attributes-have-own-names': regressor(/attribute 'predict' hides/, {
    definition: { attributes: () => ({ predict: 1 }) },
  }),
  'iterations-reported': regressor(/nIter is 101/, {
    definition: { options: z.strictObject({ maxIter: z.int().default(100) }) },
    specification: () => ({ options: { maxIter: 100 } }),
    model: () => ({ nIter: 101 }) as Partial<AnyFitted>,
  }),
  'attributes-are-copies': regressor(/the state after 'coef' was overwritten/, {
    model: ({ state }) => ({ coef: (state as { readonly coef: Float64Array }).coef }) as Partial<AnyFitted>,
  }),

  'alone-in-a-pipeline': regressor(
    /in a pipeline: predict gives/,
    predicting((values) => shifted(values, 1)),
  ),
  'last-in-a-pipeline': regressor(
    /behind a scaler: predict gives/,
    predicting((values) => shifted(values, 1)),
  ),

  'abort-before': regressor(/Missing expected rejection/, { see: () => ({ options: {} }) }),
  'abort-during': regressor(/jobs still running or waiting/, {
    async fit(given, sound) {
      const rest = sound({ ...given, options: {} });
      return given.options.signal === undefined ? rest : sound(given);
    },
  }),
  'progress-rises': regressor(/report 1 is 0.2, after 0.5/, {
    definition: {
      fit(_: never, __: never, job: { progress(fraction: number): void }) {
        job.progress(0.5);
        job.progress(0.2);
        return {};
      },
    } as Defect['definition'] & object,
  }),

  'onnx-agrees': regressor(
    /a table, 60 rows: predict gives/,
    // More than rounding errors, of numbers about 10.
    predicting((values) => shifted(values, 1e-9)),
  ),
};
