const blocks = '▁▂▃▄▅▆▇█';

/** A histogram in one line of text; an empty bin is a space, the fullest one a whole block. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts
    .map((n) =>
      n === 0 ? ' ' : blocks[Math.min(blocks.length - 1, Math.ceil((n / most) * blocks.length) - 1)],
    )
    .join('');
}
