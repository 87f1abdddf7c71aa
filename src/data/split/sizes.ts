import { OptionError } from '../../core/errors.ts';

export interface Sizes {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

export interface SizeOptions {
  readonly testSize?: number | undefined;
  readonly trainSize?: number | undefined;
  readonly validationSize?: number | undefined;
}

/**
 * Counts of `n` units (rows or groups) for each part. Fractions are of `n`: test and validation round up, train
 * rounds down. Without `testSize` the test part is what `trainSize` leaves, and `defaultTest` (a fraction) without
 * that.
 * @throws OptionError naming the option that leaves a part empty or asks for more than there is.
 */
export function partSizes(
  n: number,
  { testSize, trainSize, validationSize }: SizeOptions,
  defaultTest: number,
  owner: string,
  unit: 'rows' | 'groups' = 'rows',
): Sizes {
  const count = (name: string, size: number, round: (x: number) => number) => {
    const units = size < 1 ? round(size * n) : size;
    if (units < n || size < 1) return units;
    throw sizeError(
      name,
      `${owner}: ${name} = ${size} leaves nothing for the other parts of ${n} ${unit}`,
      owner,
    );
  };
  const validation = validationSize === undefined ? 0 : count('validationSize', validationSize, Math.ceil);
  const asked = trainSize === undefined ? undefined : count('trainSize', trainSize, Math.floor);
  const test =
    testSize === undefined && asked !== undefined
      ? n - asked - validation
      : count('testSize', testSize ?? defaultTest, Math.ceil);
  const train = asked ?? n - test - validation;
  const given = Object.entries({ testSize, trainSize, validationSize })
    .filter(([, size]) => size !== undefined)
    .map(([name, size]) => `${name} = ${size}`)
    .join(', ');
  const sizes = given === '' ? `the default testSize = ${defaultTest}` : given;
  const culprit = trainSize === undefined ? 'testSize' : 'trainSize';
  if (train + test + validation > n || test < 0) {
    throw sizeError(
      culprit,
      `${owner}: ${sizes} ask for more than the ${n} ${unit} there are; reduce one of them`,
      owner,
    );
  }
  if (train < 1 || test < 1) {
    const part = train < 1 ? 'training' : 'test';
    throw sizeError(culprit, `${owner}: with ${n} ${unit}, ${sizes} leave no ${part} ${unit}`, owner);
  }
  return { train, validation, test };
}

function sizeError(option: string, message: string, owner: string): OptionError {
  return new OptionError('option/size', `${message}.`, { owner, option });
}
