import { z } from 'zod';
import type { Label } from '../../core/labels.ts';
import type { OnnxElement } from '../../define/onnx.ts';
import type { OnnxFile, OnnxFilePort } from '../../tensor/onnx/read-onnx.ts';
import { chooseOutput } from './refuse-onnx.ts';

const isFloat = ({ element }: OnnxFilePort) => element === 'float32' || element === 'float64';
const labelElements: readonly (OnnxElement | undefined)[] = ['string', 'int64', 'int32', 'bool'];
const named = (ports: readonly OnnxFilePort[], names: readonly string[]) => {
  const known = ports.filter(({ name }) => names.includes(name));
  return known.length === 1 ? known : ports;
};

/** The output with predicted numbers. */
export function predictionPort(file: OnnxFile, path: string, wanted: string | undefined): OnnxFilePort {
  const candidates = named(file.outputs.filter(isFloat), ['prediction', 'variable']);
  return chooseOutput(file, path, { wanted, option: 'output', what: 'predictions', candidates });
}

/** The output that becomes columns. */
export function featurePort(file: OnnxFile, path: string, wanted: string | undefined): OnnxFilePort {
  const numbers = file.outputs.filter(({ element }) => element !== undefined && element !== 'string');
  const candidates = named(numbers, ['transformed', 'last_hidden_state', 'pooler_output']);
  return chooseOutput(file, path, { wanted, option: 'output', what: 'columns', candidates });
}

/** The outputs that may hold one number for each class. */
export function probabilityPorts({ outputs }: OnnxFile): readonly OnnxFilePort[] {
  return named(outputs.filter(isFloat), ['probabilities', 'output_probability']);
}

/** The output with the class of each row; undefined when there is none. */
export function labelPort({ outputs }: OnnxFile): OnnxFilePort | undefined {
  const candidates = outputs.filter(({ element }) => labelElements.includes(element));
  return named(candidates, ['label', 'output_label'])[0];
}

/** Names of `width` columns: those that heddle wrote into the file, else `onnx0`, `onnx1`, …. */
export function featureNames(file: OnnxFile, width: number): string[] {
  const names = jsonOf(file, 'heddle.featureNamesOut', z.array(z.string()));
  if (names?.length === width && new Set(names).size === width) return names;
  return Array.from({ length: width }, (_, k) => `onnx${k}`);
}

/** The classes that heddle wrote into the file. */
export function fileClasses(file: OnnxFile): Label[] | undefined {
  const label = z.union([z.string(), z.number(), z.boolean()]);
  return jsonOf(file, 'heddle.classes', z.array(label).min(2));
}

/** An entry of the metadata that is JSON of that form; undefined when it is not there or of another. */
export function jsonOf<T extends z.ZodType>(
  { metadata }: OnnxFile,
  key: string,
  schema: T,
): z.output<T> | undefined {
  if (!Object.hasOwn(metadata, key)) return undefined;
  try {
    return schema.safeParse(JSON.parse(metadata[key]!)).data;
  } catch {
    return undefined;
  }
}
