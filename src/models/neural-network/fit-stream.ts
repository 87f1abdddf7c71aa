import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import { type TableLike, tableToWire, toSharedTable } from '../../core/table.ts';
import type { ClassifierSpecification, FittedClassifier } from '../../define/define-classifier.ts';
import type { FittedRegressor, RegressorSpecification } from '../../define/define-regressor.ts';
import type { CheckpointOptions } from '../../define/definition.ts';
import { checkCheckpoint } from '../../define/fit-options.ts';
import { packSpecification } from '../../define/specification.ts';
import type { LabelTarget, NumericTarget, NumericTargets } from '../../define/targets.ts';
import type { JobOptions, JobWarning } from '../../jobs/job.ts';
import { runJob } from '../../jobs/pool.ts';
import type { NeuralNetworkAttributes } from './neural-network-state.ts';
import { codePart, packStream, type RowStream } from './row-stream.ts';
import type { StreamedFit, StreamPayload } from './stream-task.ts';

export interface FitStreamOptions extends JobOptions {
  /**
   * Rows that are kept in memory and drawn from at random. Default 8192, fewer where they would take more than 64 MiB; 0 keeps the order of
   * the stream.
   */
  readonly shuffleRows?: number | undefined;
  /** Rows held out, which say when to stop; these must fit into memory. */
  readonly validation?:
    | { readonly x: TableLike; readonly y: LabelTarget | NumericTarget | NumericTargets }
    | undefined;
  /** See the option of `fit`; the stream must give the same rows again. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/**
 * Fits a neural network on rows that need not fit into memory: files, or parts that an iterable gives. The stream is read once to learn
 * its classes (or the spread of its targets), then once in every epoch.
 *
 *     const model = await fitStream(
 *       neuralNetworkClassifier({ epochs: 5, batchSize: 128 }),
 *       { files: 'clicks/2026-11.parquet', target: 'clicked' },
 *     );
 *     const other = await fitStream(neuralNetworkRegressor(), {
 *       async *parts({ epoch, seed }) {
 *         for (const day of days) yield await rowsOf(day);
 *       },
 *     });
 *
 * @throws DataError for a stream without rows, parts of other columns, cells that are missing; OptionError for validationFraction, since
 *   rows of a stream cannot be held out; what a fit throws, and what the stream throws.
 */
export async function fitStream(
  specification: ClassifierSpecification<NeuralNetworkAttributes>,
  stream: RowStream,
  options?: FitStreamOptions,
): Promise<FittedClassifier<Label, NeuralNetworkAttributes>>;
export async function fitStream(
  specification: RegressorSpecification<NeuralNetworkAttributes, NeuralNetworkAttributes>,
  stream: RowStream,
  options?: FitStreamOptions,
): Promise<FittedRegressor<NeuralNetworkAttributes>>;
export async function fitStream(
  specification:
    | ClassifierSpecification<NeuralNetworkAttributes>
    | RegressorSpecification<NeuralNetworkAttributes, NeuralNetworkAttributes>,
  stream: RowStream,
  { shuffleRows, validation, checkpoint, ...job }: FitStreamOptions = {},
): Promise<unknown> {
  if (!/^neural-network-/.test(specification.name)) {
    throw new OptionError(
      'option/invalid',
      `fitStream fits neuralNetworkClassifier and neuralNetworkRegressor, not ${specification.name}.`,
      { option: 'specification' },
    );
  }
  const start = performance.now();
  const { kind } = specification;
  const { wire } = packSpecification(specification);
  const packed = packStream(stream, kind);
  const warnings: string[] = [];
  const onWarning = (warning: JobWarning) => {
    warnings.push(warning.message);
    if (job.onWarning === undefined) process.emitWarning(warning.message, { code: warning.code });
    else job.onWarning(warning);
  };
  try {
    const { rows, ...parts } = await runJob<StreamPayload, StreamedFit>({
      ...{ ...job, onWarning, functions: packed.functions },
      module: new URL(`./stream-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href,
      name: 'fitStreamTask' satisfies keyof typeof import('./stream-task.ts'),
      payload: {
        ...{ specification: wire, stream: packed.wire, shuffleRows, checkpoint: checkCheckpoint(checkpoint) },
        validation: validation && {
          x: tableToWire(await toSharedTable(validation.x, 'validation.x')),
          y: await codePart(validation, kind),
        },
      },
    });
    const seconds = (performance.now() - start) / 1000;
    return specification.restore({ ...parts, summary: { rows, seconds, warnings } });
  } finally {
    await packed.close();
  }
}
