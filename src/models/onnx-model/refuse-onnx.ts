import { FileError, OptionError } from '../../core/errors.ts';
import type { OnnxFile, OnnxFilePort } from '../../tensor/onnx/read-onnx.ts';

/** The error for a file that is ONNX, but not what is asked for. */
export function refuseOnnx(file: string, reason: string): FileError {
  return new FileError('file/unfit-model', `Cannot use '${file}': ${reason}.`, { file });
}

/** `'x' (float32 [n, 3])` */
export function portText({ name, element, kind, shape }: Partial<OnnxFilePort>): string {
  const sizes = shape?.map((size) => (size === '' ? '?' : size)).join(', ');
  return `'${name}' (${kind === undefined || kind === 'tensor' ? (element ?? 'unknown elements') : `a ${kind}`}${sizes === undefined ? '' : ` [${sizes}]`})`;
}

/**
 * The output of that name, else the only one among `candidates`.
 * @throws OptionError for a name that the file lacks or where several would do; FileError where none does.
 */
export function chooseOutput(
  { outputs }: OnnxFile,
  file: string,
  {
    wanted,
    option,
    what,
    candidates,
  }: {
    readonly wanted: string | undefined;
    /** Named in messages. */
    readonly option: string;
    readonly what: string;
    readonly candidates: readonly OnnxFilePort[];
  },
): OnnxFilePort {
  const list = outputs.map(portText).join(', ');
  if (wanted !== undefined) {
    const found = outputs.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    throw new OptionError('option/invalid', `'${file}' has no output '${wanted}'. Its outputs are ${list}.`, {
      option,
    });
  }
  if (candidates.length === 1) return candidates[0]!;
  if (candidates.length === 0) {
    const isMaps = outputs.some(({ kind }) => kind === 'sequence' || kind === 'map');
    throw refuseOnnx(
      file,
      `it has no output that could be ${what}; its outputs are ${list}${isMaps ? '. Write probabilities as a tensor (zipmap=False)' : ''}`,
    );
  }
  throw new OptionError(
    'option/required',
    `Several outputs of '${file}' could be ${what}: ${candidates.map(portText).join(', ')}. Say which with the option '${option}'.`,
    { option },
  );
}
