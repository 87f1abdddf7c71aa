import { writeFileAtomic } from '../core/atomic-file.ts';
import { OptionError } from '../core/errors.ts';
import { findTableRecord } from '../select/table-record.ts';
import { exportOnnx, type OnnxExport } from '../tensor/onnx/export-onnx.ts';
import type { OnnxPort } from '../tensor/onnx/onnx-graph.ts';
import { defineCommand } from './command.ts';
import { onOff, text } from './flags.ts';
import { printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { count, layOut } from './layout.ts';
import { requireWritable } from './output-path.ts';
import { modelNote } from './registry/model-place.ts';
import { registryFlag } from './registry/registry-place.ts';
import { openSavedModel } from './saved-model.ts';

/** Inputs and outputs shown of each. */
const SHOWN_PORTS = 12;

export const exportModel = defineCommand({
  name: 'export',
  parameters: ['MODEL'],
  summary: 'Writes a saved model as one ONNX graph, from raw columns to predictions.',
  flags: {
    onnx: text('FILE', 'The ONNX file to write'),
    json: onOff('Print one object for programs'),
    ...registryFlag,
  },
  notes: [
    modelNote,
    'The graph has an input for each column that the model uses, [rows, 1]: text as strings (an empty one is missing), numbers, booleans ' +
      '(0 and 1) and dates (milliseconds since 1970, UTC) as float64 (NaN is missing). A classifier gives label and probabilities, a ' +
      'regressor prediction. A model that has no ONNX form says why.',
  ],
  examples: [
    'heddle export house.heddle --onnx house.onnx',
    'heddle export house@champion --onnx house.onnx --json',
  ],
  async run([place], flags, io) {
    if (flags.onnx === undefined)
      throw new OptionError('command/missing-flag', 'export needs --onnx FILE, the file to write.', {
        flag: 'onnx',
      });
    await requireWritable(flags.onnx);
    const model = await openSavedModel(place!, flags);
    const record = findTableRecord(model.summary);
    const exported = await exportOnnx(model, { target: record?.target.name });
    await writeFileAtomic(flags.onnx, exported.bytes);
    const { precision, inputs, outputs, bytes } = exported;
    if (flags.json) {
      const head = {
        file: flags.onnx,
        bytes: bytes.length,
        model: model.specification.name,
        kind: model.kind,
      };
      printLine(io.stdout, jsonText({ ...head, precision, inputs, outputs }));
      return;
    }
    printLine(
      io.stdout,
      `${model.specification.name} in ${flags.onnx} (${sizeText(bytes.length)}, ${precision})`,
    );
    for (const line of portLines(exported)) printLine(io.stdout, line);
  },
});

function portLines({ inputs, outputs }: OnnxExport): string[] {
  const rowsOf = (direction: string, ports: readonly OnnxPort[]) => [
    ...ports
      .slice(0, SHOWN_PORTS)
      .map(({ name, element, shape }) => [direction, name, element, `[${shape.join(', ')}]`]),
    ...(ports.length > SHOWN_PORTS
      ? [[direction, `and ${count(ports.length - SHOWN_PORTS, 'more', 'more')}`]]
      : []),
  ];
  const rows = [...rowsOf('input', inputs), ...rowsOf('output', outputs)];
  return layOut(rows, ['left', 'left', 'left', 'left'], '  ');
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
