/**
 * Runs all of `starts` and returns their results in order. When one fails, the signal that all were given fires, and the first
 * error is thrown once everything has ended: nothing goes on behind the caller's back.
 */
export async function runTogether<R>(
  starts: readonly ((signal: AbortSignal) => Promise<R>)[],
  signal?: AbortSignal,
): Promise<R[]> {
  const failure = new AbortController();
  const common = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  let first: { readonly error: unknown } | undefined;
  const results = await Promise.all(
    starts.map(async (start) => {
      try {
        return await start(common);
      } catch (error) {
        first ??= { error };
        failure.abort();
        return undefined as R;
      }
    }),
  );
  if (first !== undefined) throw first.error;
  return results;
}
