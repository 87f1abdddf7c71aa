/** Where a command writes; `process.stdout` and `process.stderr` are such sinks. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The surroundings of a run: results go to `stdout`, everything else to `stderr`. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Fires when the user interrupts. */
  readonly signal?: AbortSignal | undefined;
}

export function printLine(sink: Sink, text = ''): void {
  sink.write(`${text}\n`);
}

export function printWarning({ stderr }: Io, message: string): void {
  printLine(stderr, `heddle: warning: ${message}`);
}
