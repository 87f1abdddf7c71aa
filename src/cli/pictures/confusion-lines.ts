import { count } from '../layout.ts';

/** Kinds of mistakes that are told. */
const SHOWN = 5;

/** The most frequent mistakes, such as `cat taken for dog 3 times`. */
export function confusionLines(truth: readonly string[], predicted: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const [i, label] of truth.entries()) {
    if (label === predicted[i]) continue;
    const key = `${label} taken for ${predicted[i]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (sorted.length === 0) return ['no mistakes'];
  const lines = sorted.slice(0, SHOWN).map(([what, times]) => `  ${what} ${count(times, 'time')}`);
  const rest = sorted.length - lines.length;
  return ['mistakes:', ...lines, ...(rest > 0 ? [`  and ${count(rest, 'other kind')}`] : [])];
}
