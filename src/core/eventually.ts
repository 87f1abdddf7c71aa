/** A value, at once or promised. */
export type Eventually<T> = T | Promise<T>;

/**
 * `next(value)`, at once when the value is there, so that small predictions stay synchronous, else when its promise is
 * fulfilled.
 */
export function andThen<A, B>(value: Eventually<A>, next: (value: A) => Eventually<B>): Eventually<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}
