import { basename } from 'node:path';
import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import type { Column } from '../../core/frame.ts';
import type { InputSchema } from '../../define/schema.ts';
import { rowSize } from '../../tensor/onnx/table-feeds.ts';
import type { OpenedOnnx } from './onnx-state.ts';
import { jsonOf } from './ports.ts';

const described = z.array(
  z.object({
    name: z.string().nullable(),
    kind: z.enum(['number', 'string', 'boolean', 'date'] satisfies Column['kind'][]),
    input: z.string(),
  }),
);

/**
 * The columns that a model takes, from heddle's metadata, the inputs, or what the caller says.
 * @throws OptionError when nothing says how many there are, or what the caller says is wrong.
 */
export function schemaOfInputs(
  { file, state }: OpenedOnnx,
  columns: number | readonly string[] | undefined,
  path: string,
): InputSchema {
  const { inputs } = state;
  const told = jsonOf(file, 'heddle.columns', described)?.filter(({ input }) =>
    inputs.some(({ name }) => name === input),
  );
  if (told?.every(({ name, input }) => name === input)) {
    return {
      columns: told.length,
      names: told.map(({ name }) => name!),
      kinds: told.map(({ kind }) => kind),
    };
  }
  if (inputs.length > 1) {
    const kinds = inputs.map(({ element }) => (element === 'string' ? 'string' : 'number'));
    return { columns: inputs.length, names: inputs.map(({ name }) => name), kinds };
  }
  const size = rowSize({ ...inputs[0]!, shape: inputs[0]!.shape ?? undefined });
  const count = size ?? (typeof columns === 'number' ? columns : columns?.length);
  if (count === undefined) {
    throw new OptionError(
      'option/required',
      `'${basename(path)}' does not say how many columns its input '${inputs[0]!.name}' takes. Say so with columns: a number, or their names.`,
      { option: 'columns' },
    );
  }
  const own = told?.every(({ name }) => name !== null) && told.length === count ? told : undefined;
  const names = typeof columns === 'object' ? columns : own?.map(({ name }) => name!);
  const asked = typeof columns === 'object' ? columns.length : (columns ?? count);
  if (asked !== count) {
    throw new OptionError(
      'option/invalid',
      `'${basename(path)}' takes ${count} columns, but columns says ${asked}.`,
      {
        option: 'columns',
      },
    );
  }
  return names === undefined ? { columns: count } : { columns: count, names };
}
