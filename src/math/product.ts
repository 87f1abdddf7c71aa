import type { Workers } from './least-squares-problem.ts';

/** A matrix in kernel memory: entry (i, j) at address + 8 (i · rowStep + j · columnStep). */
export interface Strided {
  readonly address: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

export interface Product {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** rows × depth. */
  readonly a: Strided;
  /** depth × columns. */
  readonly b: Strided;
  /** rows × columns, with a column step of 1. */
  readonly c: Strided;
  readonly factor: number;
}

/** Numbers of scratch for each thread; see the kernel `addProduct`. */
export const PRODUCT_SCRATCH = 28_704;
/** Multiplications of one kernel call on each thread, some 5 ms. */
const WORK_PER_CALL = 1 << 26;

export const rowMajor = (address: number, stride: number): Strided => ({
  address,
  rowStep: stride,
  columnStep: 1,
});
export const transposed = ({ address, rowStep, columnStep }: Strided): Strided => ({
  address,
  rowStep: columnStep,
  columnStep: rowStep,
});

/** C += factor · A B. `scratch` is the address of {@link PRODUCT_SCRATCH} numbers a thread. */
export function addProduct(
  workers: Workers,
  scratch: number,
  { rows, depth, columns, a, b, c, factor }: Product,
): void {
  const { team } = workers;
  const step = Math.max(1, Math.floor((WORK_PER_CALL * team.threads) / (rows * depth + 1) / 8)) * 8;
  for (let from = 0; from < columns; from += step) {
    const to = Math.min(columns, from + step);
    team.callIfLarge(
      rows * depth * (to - from),
      'addProduct',
      ...([rows, depth, factor, a.address, 8 * a.rowStep, 8 * a.columnStep] as const),
      ...([b.address, 8 * b.rowStep, 8 * b.columnStep, c.address, 8 * c.rowStep, from, to, scratch] as const),
    );
    workers.checkpoint();
  }
}
