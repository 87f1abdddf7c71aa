import { OptionError, suggestion } from '../core/errors.ts';
import type { Label } from '../core/labels.ts';

/** `balanced`, or a weight by class (as text); classes it leaves out weigh 1. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

interface WeightedClasses {
  readonly y: Int32Array;
  readonly classes: readonly Label[];
  readonly sampleWeight: Float64Array | undefined;
}

/**
 * Sample weights times class weights. `balanced` gives class c the weight Σ s / (k · Σ_{y = c} s), so that all classes
 * weigh the same.
 * @throws OptionError when `classWeight` names a class that does not exist.
 */
export function applyClassWeight(
  classWeight: ClassWeight | null,
  { y, classes, sampleWeight }: WeightedClasses,
): Float64Array | undefined {
  if (classWeight === null) return sampleWeight;
  const byClass =
    classWeight === 'balanced' ? balanced({ y, classes, sampleWeight }) : named(classWeight, classes);
  return Float64Array.from(y, (code, i) => byClass[code]! * (sampleWeight?.[i] ?? 1));
}

function balanced({ y, classes, sampleWeight }: WeightedClasses): Float64Array {
  const weights = new Float64Array(classes.length);
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const weight = sampleWeight?.[i] ?? 1;
    weights[y[i]!]! += weight;
    total += weight;
  }
  // A class whose rows all weigh 0 stays without weight.
  return weights.map((weight) => (weight > 0 ? total / (classes.length * weight) : 0));
}

function named(classWeight: Readonly<Record<string, number>>, classes: readonly Label[]): Float64Array {
  const names = classes.map(String);
  for (const name of Object.keys(classWeight)) {
    if (!names.includes(name)) {
      throw new OptionError(
        'option/unknown-class',
        `classWeight names class '${name}', which y does not have.${suggestion(name, names)} ` +
          `Its classes are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`,
        { option: 'classWeight', class: name },
      );
    }
  }
  return Float64Array.from(names, (name) => classWeight[name] ?? 1);
}
