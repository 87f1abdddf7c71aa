import type { Label } from '../core/labels.ts';
import { columnCount, type Table, type TableLike, tableToWire, toSharedTable } from '../core/table.ts';
import { runInlineAsync } from '../jobs/inline.ts';
import type { JobWarning } from '../jobs/job.ts';
import { runJob } from '../jobs/pool.ts';
import { alignToEarlier } from './continue.ts';
import type { State } from './definition.ts';
import {
  checkCheckpoint,
  encodeGroups,
  encodeWeights,
  type FitOptions,
  requireKnown,
  requireRows,
} from './fit-options.ts';
import type { FittedModel, FittedParts, TargetSchema } from './fitted.ts';
import { INLINE_OPERATIONS, mustRunInline, tasksModule } from './place.ts';
import { fitState, type ValidationData } from './run.ts';
import { alignTable, schemaOf } from './schema.ts';
import { packSpecification, type Specification } from './specification.ts';
import { type FitPayload, shareState } from './tasks.ts';

/** A coded target, with the way to code the target of validation rows alike. */
export interface CodedTarget<Y> {
  readonly y: Float64Array | Int32Array | undefined;
  readonly targets: number;
  readonly classes: readonly Label[] | undefined;
  readonly schema: TargetSchema;
  encodeAlso(y: Y): Promise<Float64Array | Int32Array>;
}

/** Checks the data, fits on worker threads (or inline where that is quicker, or the place demands it) and returns the fitted parts. */
export async function fitModel<Spec extends Specification, Y>(
  specification: Spec,
  x: TableLike,
  target: CodedTarget<Y>,
  options: FitOptions<Y, FittedModel>,
): Promise<FittedParts<Spec>> {
  const start = performance.now();
  requireKnown(options);
  const given = await toSharedTable(x);
  if (target.y !== undefined) requireRows('The target y', target.y.length / target.targets, given.rows);
  const continued = specification.definition.continues === true ? options.from : undefined;
  const table =
    continued === undefined ? given : alignToEarlier(given, continued, specification, target.schema);
  const schema = schemaOf(table);
  const { wire, functions, modules } = packSpecification(specification);
  const warnings: string[] = [];
  const common = {
    y: target.y,
    targets: target.targets,
    classes: target.classes,
    sampleWeight: await encodeWeights(options.sampleWeight, table.rows),
    groups: await encodeGroups(options.groups, table.rows),
    from: options.from?.state,
    checkpoint: checkCheckpoint(options.checkpoint),
  };
  const validation =
    options.validation && (await encodeValidation(options.validation, target, specification, schema));
  const jobOptions = {
    ...options,
    functions,
    onWarning: (warning: JobWarning) => {
      warnings.push(warning.message);
      if (options.onWarning === undefined) process.emitWarning(warning.message, { code: warning.code });
      else options.onWarning(warning);
    },
  };
  const operations =
    specification.definition.fitOperations?.(table.rows, columnCount(table)) ?? Number.POSITIVE_INFINITY;
  const state =
    operations <= INLINE_OPERATIONS || mustRunInline(modules)
      ? await runInlineAsync(
          async (job) => shareState(await fitState(specification, { ...common, x: table, validation }, job)),
          jobOptions,
        )
      : await runJob<FitPayload, State>({
          ...jobOptions,
          module: tasksModule,
          name: 'fitTask' satisfies keyof typeof import('./tasks.ts'),
          payload: {
            ...common,
            specification: wire,
            x: tableToWire(table),
            validation: validation && { ...validation, x: tableToWire(validation.x) },
          },
        });
  const seconds = (performance.now() - start) / 1000;
  return {
    specification,
    schema,
    target: target.schema,
    state,
    summary: { rows: table.rows, seconds, warnings },
  };
}

async function encodeValidation<Y>(
  validation: NonNullable<FitOptions<Y>['validation']>,
  target: CodedTarget<Y>,
  { definition }: Specification,
  schema: ReturnType<typeof schemaOf>,
): Promise<ValidationData & { readonly x: Table }> {
  const x = alignTable(await toSharedTable(validation.x, 'validation.x'), schema, definition.input);
  const y = await target.encodeAlso(validation.y);
  requireRows('validation.y', y.length / target.targets, x.rows);
  const { rows } = x;
  const groups = await encodeGroups(validation.groups, rows);
  return { x, y, sampleWeight: await encodeWeights(validation.sampleWeight, rows), groups };
}

/** A target for models that have none. */
export const noTarget: CodedTarget<never> = {
  y: undefined,
  targets: 0,
  classes: undefined,
  schema: { kind: 'none' },
  encodeAlso: async () => new Float64Array(0),
};
