import assert from 'node:assert/strict';
import { Frame } from '../../src/core/frame.ts';
import { Matrix } from '../../src/core/matrix.ts';
import { isTypedArray } from '../../src/core/shared.ts';
import { copyData } from '../../src/define/copy-data.ts';
import type { Definition } from '../../src/define/definition.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { withTwoTargets } from '../samples.ts';
import type { AnyFitted } from '../subject.ts';

/** Fitted attributes, such as `coef`. */
export const attributeChecks = {
  'attributes-are-data': {
    holds: 'attributes are data: numbers, text, arrays, matrices, frames, objects of these, or fitted models',
    async run(subject) {
      for (const [name, value] of attributesOf(await subject.fit(subject.sample()))) assertData(value, name);
      if (!takesSeveralTargets(subject.definition)) return;
      const several = await subject.fit(withTwoTargets(subject.traits, subject.sample()));
      for (const [name, value] of attributesOf(several)) assertData(value, `${name} of two targets`);
    },
  },
  'attributes-have-own-names': {
    holds: 'no attribute has the name of something that every fitted model has',
    async run(subject) {
      const { state, specification } = await subject.fit(subject.sample());
      const attributes =
        subject.definition.attributes?.(state as never, specification.options as never) ?? {};
      for (const name of Object.keys(attributes))
        assert.ok(!common.has(name), `attribute '${name}' hides what every fitted model has under that name`);
    },
  },
  'iterations-reported': {
    holds: 'a model with maxIter says in nIter how many iterations it took, at most as many',
    when: ({ options }) => 'maxIter' in options.shape,
    async run(subject) {
      const { nIter } = (await subject.fit(subject.sample())) as { readonly nIter?: unknown };
      const counts =
        typeof nIter === 'number' ? [nIter] : isTypedArray(nIter) ? Array.from(nIter, Number) : [];
      assert.ok(counts.length > 0, 'nIter must be a number or a typed array');
      const { maxIter } = subject.specification.options as { readonly maxIter: number | null };
      for (const count of counts)
        assert.ok(
          Number.isInteger(count) && count >= 0 && count <= (maxIter ?? Infinity),
          `nIter is ${count}`,
        );
    },
  },
  'attributes-are-copies': {
    holds: 'writing to an attribute changes no prediction and no record',
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const [outputs, state] = [await outputsOf(model, x), copyData(model.state)];
      for (const [name, value] of attributesOf(model)) {
        overwrite(value);
        assert.deepEqual(model.state, state, `the state after '${name}' was overwritten`);
        assertSame(await outputsOf(model, x), outputs, `after '${name}' was overwritten`);
      }
    },
  },
} satisfies CheckTable;

const common = new Set([
  ...[
    'specification',
    'schema',
    'target',
    'state',
    'summary',
    'record',
    'kind',
    'classes',
    'positiveClass',
    'labels',
  ],
  ...[
    'predict',
    'predictInterval',
    'predictProba',
    'decisionFunction',
    'predictRow',
    'transform',
    'transformRow',
    'inverseTransform',
  ],
]);

function takesSeveralTargets(definition: Definition): boolean {
  return definition.kind === 'regressor' && definition.severalTargets === true;
}

/** What the model has beside what every model has, and the labels of a clusterer. */
function attributesOf(model: AnyFitted): [string, unknown][] {
  return Object.entries(model).filter(([name]) => name === 'labels' || !common.has(name));
}

function isFitted(value: object): boolean {
  return typeof (value as Partial<AnyFitted>).record === 'function';
}

function assertData(value: unknown, place: string): void {
  if (value === null || value === undefined || ['number', 'string', 'boolean'].includes(typeof value)) return;
  if (isTypedArray(value) || value instanceof Matrix || value instanceof Frame || value instanceof Date)
    return;
  assert.ok(typeof value === 'object', `attribute ${place} is a ${typeof value}`);
  if (isFitted(value)) return;
  if (!Array.isArray(value)) {
    const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
    assert.ok(isPlain, `attribute ${place} is a ${value.constructor?.name}, not plain data`);
  }
  for (const [name, part] of Object.entries(value)) assertData(part, `${place}.${name}`);
}

/** Writes over every number in reach. */
function overwrite(value: unknown): void {
  if (typeof value !== 'object' || value === null || isFitted(value)) return;
  if (isTypedArray(value)) {
    if (!(value instanceof BigInt64Array)) value.fill(77);
  } else if (value instanceof Matrix) value.data.fill(77);
  else if (value instanceof Frame) for (const [, column] of value.entries()) overwrite(column);
  else {
    for (const [name, part] of Object.entries(value)) {
      if (typeof part === 'number' && !Object.isFrozen(value)) (value as Record<string, unknown>)[name] = 77;
      else overwrite(part);
    }
  }
}
