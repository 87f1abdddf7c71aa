import { OptionError } from '../../core/errors.ts';
import type { Label } from '../../core/labels.ts';
import type { Table } from '../../core/table.ts';
import type { OnnxFile } from '../../tensor/onnx/read-onnx.ts';
import type { OnnxState } from './onnx-state.ts';
import { outputWidth } from './output-width.ts';
import { fileClasses, labelPort, probabilityPorts } from './ports.ts';
import { chooseOutput, refuseOnnx } from './refuse-onnx.ts';

export interface DescribedClasses {
  readonly label: string | null;
  readonly probabilities: string | null;
  readonly width: number;
  /** In the order of the file. */
  readonly labels: readonly Label[];
}

interface ClassRequest {
  readonly file: string;
  readonly probabilities?: string | null | undefined;
  readonly classes?: readonly Label[] | undefined;
  /** Rows to find out the width of an output by. */
  readonly x: Table;
}

/**
 * Which outputs of a file tell the class, and which classes there are.
 * @throws FileError when no output could, OptionError where it must be said.
 */
export async function describeClasses(
  file: OnnxFile,
  state: OnnxState,
  { file: path, probabilities: wanted, classes, x }: ClassRequest,
): Promise<DescribedClasses> {
  const label = labelPort(file)?.name ?? null;
  const candidates = probabilityPorts(file);
  if (wanted === undefined && candidates.length === 0 && label !== null) {
    throw new OptionError(
      'option/required',
      `'${path}' gives labels ('${label}') but no probabilities. Say so with the option probabilities: null.`,
      { option: 'probabilities' },
    );
  }
  const port =
    wanted === null
      ? undefined
      : chooseOutput(file, path, {
          wanted,
          option: 'probabilities',
          what: 'probabilities of classes',
          candidates,
        });
  if (port === undefined && label === null)
    throw refuseOnnx(path, 'it has neither an output of labels nor one of probabilities');
  const width = port === undefined ? 0 : await outputWidth(state, port, x);
  const count = width === 1 ? 2 : width;
  const labels = classes ?? fileClasses(file) ?? file.classLabels ?? impliedClasses(file, count);
  if (labels === undefined) {
    throw new OptionError(
      'option/required',
      `'${path}' does not say which classes there are. Name them with the option classes.`,
      {
        option: 'classes',
      },
    );
  }
  if (new Set(labels).size < labels.length || new Set(labels.map((each) => typeof each)).size > 1)
    throw new OptionError(
      'option/invalid',
      'The classes must differ and be all text, all numbers or all booleans.',
      { option: 'classes' },
    );
  if (port !== undefined && labels.length !== count) {
    throw new OptionError(
      'option/invalid',
      `'${port.name}' of '${path}' has ${width} numbers a row, but there are ${labels.length} classes.`,
      { option: 'classes' },
    );
  }
  return { label, probabilities: port?.name ?? null, width, labels };
}

/** 0, 1, … unless the labels are text. */
function impliedClasses(file: OnnxFile, count: number): Label[] | undefined {
  const element = labelPort(file)?.element;
  if (element === 'bool') return [false, true];
  return count === 0 || element === 'string' ? undefined : numbered(count);
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, c) => c);
}
