/**
 * A value as one line of JSON. Numbers that JSON lacks (NaN, ±Infinity) become `null`, dates ISO text, typed arrays arrays;
 * fields that are `undefined` are left out.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>) : part,
  );
}
