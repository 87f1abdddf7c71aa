/** Version of each operator set that graphs are written for; IR 10 and these belong to ONNX 1.16. */
export const opsets: Readonly<Record<string, number>> = { '': 21, 'ai.onnx.ml': 5, 'com.microsoft': 1 };
export const IR_VERSION = 10;

/** Versions of ONNX's own operators that mean the same for every node that heddle writes. */
const LEAST = 19;
const MOST = 22;

/** Whether nodes of that version may stand in a graph of heddle's, which then is of that version as a whole. */
export function isCompatible(domain: string, version: number): boolean {
  if (domain === '') return version >= LEAST && version <= MOST;
  return opsets[domain] === undefined || opsets[domain] === version;
}
