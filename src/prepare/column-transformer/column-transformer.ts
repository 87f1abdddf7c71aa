import { z } from 'zod';
import { DataError, OptionError } from '../../core/errors.ts';
import { andThen, type Eventually } from '../../core/eventually.ts';
import type { Frame } from '../../core/frame.ts';
import { choices, option } from '../../core/options.ts';
import { addOnnx, onnxColumns, onnxMatrix } from '../../define/add-onnx.ts';
import { defineTransformer } from '../../define/define-transformer.ts';
import type { ColumnBlock, State, TransformationData } from '../../define/definition.ts';
import type { OnnxValue } from '../../define/onnx.ts';
import { fitState, transformInto } from '../../define/run.ts';
import { isSpecification, type Specification, specificationOf } from '../../define/specification.ts';
import type { Job } from '../../jobs/job.ts';
import { attributesOf, type StepAttributes } from '../fitted-attributes.ts';
import { numberNamesOut } from '../output-names.ts';
import { partJob } from '../part-job.ts';
import { nameSteps, repeatedName } from '../step-names.ts';
import { writeMatrix } from '../write-matrix.ts';
import { copyNumbers } from './copy-numbers.ts';
import { columnSelection, selectColumns } from './select-columns.ts';

const MODEL = 'column-transformer';

type Transformer = Specification<'transformer'> | 'drop' | 'passthrough';

const transformer = z.union([z.enum(['drop', 'passthrough']), specificationOf('transformer')]);

/** One transformer and what it gets. */
const entry = z.strictObject({
  name: z.string().min(1).optional(),
  transformer,
  columns: columnSelection,
});

interface Options {
  readonly transformers: readonly z.output<typeof entry>[];
  readonly remainder: Transformer;
  readonly verboseFeatureNamesOut: boolean;
}

/** What became of one group of columns; groups without columns and dropped ones are not there. */
interface FittedPart {
  readonly name: string;
  /** Place in the options; −1 is the remainder. */
  readonly entry: number;
  readonly columns: readonly string[];
  /** Null: passed through. */
  readonly state: State | null;
  readonly namesOut: readonly string[];
}

interface ColumnTransformerState {
  readonly parts: readonly FittedPart[];
}

export interface ColumnTransformerAttributes {
  /** Attributes of the fitted transformers, by name; the one of the remainder is called `remainder`. */
  readonly namedTransformers: Readonly<Record<string, StepAttributes>>;
  readonly featureNamesOut: readonly string[];
}

/**
 * Gives each group of columns to a transformer of its own and puts the results side by side in one matrix, in the order of
 * the transformers, the remainder last. `columns` are names, positions, or `{ kinds: ['number', 'boolean'], pattern: '^size' }`;
 * 'passthrough' takes columns over, 'drop' leaves them out. Columns are called `TRANSFORMER__COLUMN`, or as the transformer says with
 * `verboseFeatureNamesOut: false`. Options and defaults of scikit-learn's ColumnTransformer.
 * @throws DataError naming a column that is not there, or one of text or dates that reaches the result; OptionError for names
 *   that are not distinct.
 */
export const columnTransformer = defineTransformer({
  name: MODEL,
  module: import.meta.url,
  summary: 'Gives each group of columns to a transformer of its own.',
  use: 'For tables whose columns need different preparation, such as numbers and text.',
  input: 'frame',
  missing: 'accepted',
  options: z.strictObject({
    transformers: option(
      z.array(entry),
      "Each { name, transformer, columns }; a transformer is a specification, 'passthrough' or 'drop'.",
    ),
    remainder: option(transformer.default('drop'), 'What becomes of the columns that no transformer names.'),
    verboseFeatureNamesOut: option(
      z.boolean().default(true),
      "Whether resulting columns carry their transformer's name in front.",
      choices(true, false),
    ),
  }),
  check(options) {
    const repeated = repeatedName([...namesOfEntries(options), 'remainder']);
    if (repeated === undefined) return;
    throw new OptionError(
      'option/invalid',
      `${MODEL}: two transformers are called '${repeated}'; names must differ (and 'remainder' is taken).`,
      { option: 'transformers', name: repeated },
    );
  },
  async fit(options, data, job): Promise<ColumnTransformerState> {
    const groups = groupColumns(data.x, options);
    const parts: FittedPart[] = [];
    for (const [i, group] of groups.entries()) {
      const x = data.x.select(group.columns);
      parts.push(await fitPart(group, x, data, partJob(job, i, groups.length, group.name)));
    }
    const names = outputNames(parts, options);
    if (names.length === 0) {
      throw new DataError('data/no-columns', `${MODEL} leaves no column of ${data.x.names.length}.`);
    }
    const repeated = repeatedName(names);
    if (repeated !== undefined) {
      throw new DataError(
        'data/duplicate-column',
        `Two resulting columns are called '${repeated}'. Give the transformers names that tell them apart, with verboseFeatureNamesOut.`,
        { column: repeated },
      );
    }
    return { parts };
  },
  transform(state, x, job, options) {
    const names = outputNames(state.parts, options);
    const shape = { rows: x.rows, columns: names.length, names };
    return writeMatrix(shape, (block) => writeParts(state.parts, x, block, job, options));
  },
  transformInto: ({ parts }, x, block, job, options) => writeParts(parts, x, block, job, options),
  async onnx({ parts }, x, graph, options) {
    const byName = new Map(x.columns.map((column) => [column.name, column]));
    const values: OnnxValue[] = [];
    for (const part of parts) {
      const transformer = transformerOf(part, options);
      const own = { kind: 'frame' as const, columns: part.columns.map((name) => byName.get(name)!) };
      const table = isSpecification(transformer) ? await addOnnx(transformer, part.state!, own, graph) : own;
      if (part.namesOut.length > 0) values.push(onnxMatrix(graph, table).value);
    }
    const names = outputNames(parts, options);
    return { kind: 'matrix', value: onnxColumns(graph, values), columns: names.length, names };
  },
  attributes: ({ parts }: ColumnTransformerState, options): ColumnTransformerAttributes => ({
    namedTransformers: Object.fromEntries(
      parts.map((part) => {
        const transformer = transformerOf(part, options);
        return [part.name, isSpecification(transformer) ? attributesOf(transformer, part.state!) : {}];
      }),
    ),
    featureNamesOut: outputNames(parts, options),
  }),
});

function namesOfEntries({ transformers }: Pick<Options, 'transformers'>): string[] {
  const models = transformers.map((part) =>
    isSpecification(part.transformer) ? part.transformer.name : part.transformer,
  );
  const byDefault = nameSteps(models.map((model, i) => (transformers[i]!.name === undefined ? model : '')));
  return transformers.map(({ name }, i) => name ?? byDefault[i]!);
}

type Group = Pick<FittedPart, 'name' | 'entry' | 'columns'> & { readonly transformer: Transformer };

function groupColumns(x: Frame, options: Options): Group[] {
  const names = namesOfEntries(options);
  const groups = options.transformers.map((part, i) => ({
    name: names[i]!,
    entry: i,
    transformer: part.transformer,
    columns: selectColumns(x, part.columns),
  }));
  const taken = new Set(groups.flatMap(({ columns }) => columns));
  const rest = x.names.filter((name) => !taken.has(name));
  return [...groups, { name: 'remainder', entry: -1, transformer: options.remainder, columns: rest }].filter(
    (group) => group.columns.length > 0 && group.transformer !== 'drop',
  );
}

async function fitPart(
  { name, entry, columns, transformer }: Group,
  x: Frame,
  { y, targets, classes, groups, sampleWeight }: TransformationData<'frame'>,
  job: Job,
): Promise<FittedPart> {
  if (!isSpecification(transformer)) {
    // A column of text or dates is refused here, not first in a later transform.
    return { name, entry, columns, state: null, namesOut: x.take([0]).toMatrix().names! };
  }
  const weights = transformer.definition.weighted === false ? undefined : sampleWeight;
  const state = await fitState(transformer, { x, y, targets, classes, groups, sampleWeight: weights }, job);
  return { name, entry, columns, state, namesOut: await numberNamesOut(transformer, state, x, job) };
}

function transformerOf({ entry }: FittedPart, { transformers, remainder }: Options): Transformer {
  return entry < 0 ? remainder : transformers[entry]!.transformer;
}

function outputNames(parts: readonly FittedPart[], { verboseFeatureNamesOut }: Options): string[] {
  return parts.flatMap(({ name, namesOut }) =>
    verboseFeatureNamesOut ? namesOut.map((column) => `${name}__${column}`) : namesOut,
  );
}

function writeParts(
  parts: readonly FittedPart[],
  x: Frame,
  { data, stride, at }: ColumnBlock,
  job: Job,
  options: Options,
): Eventually<void> {
  let before = at;
  const tasks = parts.map((part, i) => {
    const transformer = transformerOf(part, options);
    const columns = x.select(part.columns);
    const width = part.namesOut.length;
    const block = { data, stride, at: before };
    const inner = partJob(job, i, parts.length, part.name);
    before += width;
    return () =>
      isSpecification(transformer)
        ? transformInto(transformer, part.state!, columns, block, width, inner)
        : copyNumbers(inner, columns, block);
  });
  return tasks.reduce<Eventually<void>>((done, task) => andThen(done, task), undefined);
}
