const SLICE_MS = 6;

/**
 * Runs `work(from, to)` over `0 … count` in runs of about `step`, giving way to the event loop whenever
 * 6 ms have passed, so that a timer of the caller is not late.
 */
export async function inSlices(
  count: number,
  step: number,
  work: (from: number, to: number) => void,
): Promise<void> {
  const size = Math.max(1, Math.floor(step));
  let sliceStart = performance.now();
  for (let from = 0; from < count; from += size) {
    work(from, Math.min(count, from + size));
    if (performance.now() - sliceStart > SLICE_MS && from + size < count) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceStart = performance.now();
    }
  }
}
