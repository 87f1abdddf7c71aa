import type { Matrix } from '../../core/matrix.ts';
import type { DendrogramOptions } from '../../draw/dendrogram.ts';

/** The tree of merges of a linkage matrix as SVG, by `dendrogram`; the drawing library is loaded at the first call. */
export async function drawDendrogram(linkage: Matrix, options: DendrogramOptions = {}): Promise<string> {
  const { dendrogram } = await import('../../draw/dendrogram.ts');
  return dendrogram(linkage, options);
}
