import { escapeXml, sceneToSvg } from './scene.ts';

export interface ValueGrid {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, rows × columns; NaN: an empty cell. */
  readonly values: ArrayLike<number>;
  /** Where to go from each cell, as a step down and a step right; undefined: no arrow. */
  readonly arrows?: readonly (readonly [down: number, right: number] | undefined)[] | undefined;
  /** What stands in the corner of each cell. */
  readonly marks?: readonly string[] | undefined;
}

const CELL = 64;
const MARGIN = 6;

/** A grid of cells coloured by their values, with a number and an arrow each: the values and the policy of a grid world. */
export function valueGrid(
  { rows, columns, values, arrows, marks }: ValueGrid,
  { title }: { readonly title: string },
): string {
  const finite = Array.from(values).filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const parts: string[] = [];
  for (let cell = 0; cell < rows * columns; cell++) {
    const x = MARGIN + (cell % columns) * CELL;
    const y = MARGIN + Math.floor(cell / columns) * CELL;
    const value = values[cell]!;
    const square = `x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="4"`;
    const mark = marks?.[cell] ?? '';
    if (Number.isFinite(value)) {
      const share = most > least ? (value - least) / (most - least) : 0.5;
      parts.push(`<rect ${square} class="worth" fill-opacity="${(0.06 + 0.54 * share).toFixed(3)}"/>`);
      parts.push(`<text x="${x + CELL / 2}" y="${y + CELL - 9}" class="number">${shortValue(value)}</text>`);
      const arrow = arrows?.[cell];
      if (arrow !== undefined) parts.push(arrowAt(x + CELL / 2, y + CELL / 2 - 6, arrow));
    } else parts.push(`<rect ${square} class="cell"/>`);
    if (mark !== '') parts.push(`<text x="${x + 7}" y="${y + 16}" class="letter">${escapeXml(mark)}</text>`);
  }
  return sceneToSvg(parts.join(''), {
    ...{ width: columns * CELL + 2 * MARGIN, height: rows * CELL + 2 * MARGIN },
    title,
  });
}

function arrowAt(x: number, y: number, [down, right]: readonly [number, number]): string {
  const degrees = Math.round((Math.atan2(down, right) * 180) / Math.PI);
  return `<path d="M-11 0h22m-6-5l6 5l-6 5" class="arrow" transform="translate(${x} ${y}) rotate(${degrees})"/>`;
}

function shortValue(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && size < 0.01 ? value.toExponential(0) : value.toFixed(size >= 10 ? 1 : 2);
}
