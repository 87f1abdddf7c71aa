import { accent } from './theme.ts';

const BAR = 8;
const HEIGHT = 26;

/** A histogram small enough for a cell of a table. The words around it must say what it shows: it is hidden from screen readers. */
export function sparkBars(counts: readonly number[]): string {
  const most = counts.reduce((high, count) => Math.max(high, count), 0);
  const width = BAR * counts.length;
  const bars = counts.map((count, i) => {
    // The least count that is not 0 can still be seen.
    const height = count === 0 ? 0 : Math.max(1, Math.round((count / most) * HEIGHT));
    return height === 0 ? '' : `M${i * BAR + 0.5},${HEIGHT}v${-height}h${BAR - 1}v${height}z`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true">` +
    `<path fill="${accent}" d="${bars.join('')}"/></svg>`
  );
}
