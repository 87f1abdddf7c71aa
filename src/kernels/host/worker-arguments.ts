/**
 * The flags of worker threads: `undefined` inherits those of the process. A process started with `--input-type` (code
 * from the command line or standard input) would have its workers refuse their files, so there they get none.
 */
export function workerArguments(): { execArgv?: string[] } {
  return process.execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {};
}
