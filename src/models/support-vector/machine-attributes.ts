import { Matrix } from '../../core/matrix.ts';
import type { KernelMachine } from '../../math/svm/kernel-machine.ts';

/** The support vectors, one a row; without rows where the kernel values were given. */
export function vectorsOf({ supportVectors, columns }: KernelMachine): Matrix {
  return new Matrix({ rows: supportVectors.length / columns, columns, data: supportVectors });
}

/** With the linear kernel the weights w of each output, outputs × columns, times `sign`. */
export function linearCoef(machine: KernelMachine, sign = 1): Matrix | undefined {
  const { kernel, columns, supportVectors, coefs, segments, intercept } = machine;
  if (kernel.name !== 'linear') return undefined;
  const coef = Matrix.zeros(intercept.length, columns);
  for (let at = 0; at < segments.length; at += 4) {
    const [output, place, first, last] = segments.subarray(at, at + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    for (let s = first; s < last; s++) {
      const value = sign * coefs[place + s - first]!;
      for (let j = 0; j < columns; j++)
        coef.data[output * columns + j]! += value * supportVectors[s * columns + j]!;
    }
  }
  return coef;
}
