/** What the definitions of ONNX files share. */
export const FROZEN = {
  use: 'To serve or join a model that was trained elsewhere.',
  input: 'table' as const,
  missing: 'accepted' as const,
  scaling: 'irrelevant' as const,
  weighted: false,
  /** A session may take any time: never on the caller's thread. */
  rowOperations: () => 1e9,
};
