import { OptionError } from '../../core/errors.ts';
import { heddleVersion } from '../../core/version.ts';
import type { OnnxGraph, OnnxPort } from './onnx-graph.ts';
import { type GraphMessage, modelType } from './onnx-messages.ts';
import { IR_VERSION } from './opsets.ts';

/** Messages of protobuf end at 2 GiB. */
const MOST_BYTES = 2 ** 31 - 1;

export interface WriteOnnxOptions {
  readonly name?: string | undefined;
  readonly doc?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** The inputs to declare; default all. */
  readonly inputs?: readonly OnnxPort[] | undefined;
}

/** A graph as the bytes of an ONNX file, with heddle and its version as producer. @throws OptionError when it exceeds 2 GiB */
export async function writeOnnx(graph: OnnxGraph, options: WriteOnnxOptions = {}): Promise<Uint8Array> {
  const { name = 'heddle', doc, metadata = {} } = options;
  const message = graph.message(name, options.inputs);
  requireSize(message);
  const type = await modelType();
  return type
    .encode({
      irVersion: IR_VERSION,
      producerName: 'heddle',
      producerVersion: heddleVersion(),
      ...(doc === undefined ? {} : { docString: doc }),
      opsetImport: Object.entries(graph.opsets).map(([domain, version]) => ({ domain, version })),
      graph: message,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish();
}

function requireSize({ initializer = [] }: GraphMessage): void {
  const bytes = initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
  if (bytes < MOST_BYTES) return;
  throw new OptionError(
    'onnx/too-large',
    `The model has ${(bytes / 2 ** 30).toFixed(1)} GiB of numbers, but an ONNX file ends at 2 GiB.`,
    { bytes },
  );
}
