import type { z } from 'zod';
import { OptionError } from '../core/errors.ts';
import { type OptionsSchema, parseOptions } from '../core/options.ts';
import type { UserFunctions } from '../jobs/job.ts';
import { checkState, outputsOf } from './check-state.ts';
import type { Definition } from './definition.ts';
import type { FittedModel, FittedParts, FittedRecord } from './fitted.ts';
import {
  type ModelResolver,
  type Specification,
  specificationFromJson,
  specificationToJson,
} from './specification.ts';
import { shareState } from './tasks.ts';

/** A specification that can turn the parts of a fitted model back into the model. */
interface Restorable extends Specification {
  restore(parts: Omit<FittedParts, 'specification'>): FittedModel;
}

/** A factory whose options have the types of a schema. */
export interface TypedFactory<O extends OptionsSchema, Spec extends Specification> {
  (options?: z.input<O>): Spec;
  readonly definition: Spec['definition'];
  /** The door for untyped options: a file, the command, a request. @throws OptionError */
  from(options: unknown): Spec;
}

/**
 * Makes the factory of a definition: `extend` adds what the kind of model can do (`fit`, …) to the bare specification.
 */
export function makeFactory<
  O extends OptionsSchema,
  D extends Definition,
  Spec extends Specification<D['kind'], D>,
>(
  definition: D & { readonly options: O },
  extend: (bare: Specification<D['kind'], D>) => Spec,
): TypedFactory<O, Spec> {
  const from = (input: unknown): Spec => {
    const options = parseOptions(definition.options, input, definition.name);
    definition.check?.(options as never);
    const bare: Specification<D['kind'], D> = {
      kind: definition.kind,
      name: definition.name,
      options: options as Specification['options'],
      definition,
      toJSON: () => specificationToJson(bare),
    };
    return Object.freeze(extend(bare));
  };
  return Object.assign((options?: z.input<O>) => from(options), { definition, from });
}

/**
 * A fitted model from its plain data; arrays that are not on shared memory are copied there, for predictions on worker threads.
 * @throws OptionError when the options no longer fit, or a function of the user is missing; DataError for a state that cannot be the model's.
 */
export async function restoreModel(
  record: FittedRecord,
  resolve: ModelResolver,
  functions?: UserFunctions,
): Promise<FittedModel> {
  const specification = await specificationFromJson(record.specification, resolve, functions);
  const { restore } = specification as Partial<Restorable>;
  if (restore === undefined) {
    throw new OptionError('model/not-restorable', `${specification.name} cannot be restored from a record.`);
  }
  checkState(specification, record.state, {
    columns: record.schema.columns,
    outputs: outputsOf(record.target),
  });
  return restore({ ...record, state: shareState(record.state) });
}
