import assert from 'node:assert/strict';
import { isTypedArray } from '../../src/core/shared.ts';
import { copyData } from '../../src/define/copy-data.ts';
import { restoreModel } from '../../src/define/factory.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { functionsIn, resolverFor } from '../resolve-model.ts';
import type { AnyFitted } from '../subject.ts';

/** A fitted model is plain data. */
export const recordChecks = {
  'state-is-plain-data': {
    holds: 'the fitted state holds nothing but typed arrays and JSON values',
    async run(subject) {
      assertPlain((await subject.fit(subject.sample())).state, 'state');
    },
  },
  'record-restores': {
    holds: 'a record that went through structuredClone gives the same model, bit for bit',
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const resolve = await resolverFor(subject.factory, subject.specification);
      const record = structuredClone(copyData(model.record()));
      const restored = (await restoreModel(record, resolve, functionsIn(subject.specification))) as AnyFitted;
      assert.deepEqual(restored.record(), model.record(), 'the record of the restored model');
      assertSame(await outputsOf(restored, x), await outputsOf(model, x), 'the restored model');
      const { classes, positiveClass, labels, kind } = model;
      const { classes: c, positiveClass: p, labels: l, kind: k } = restored;
      assert.deepEqual(
        { classes: c, positiveClass: p, labels: l, kind: k },
        { classes, positiveClass, labels, kind },
      );
    },
  },
  disposal: {
    holds: 'a fitted model may be disposed of twice',
    async run(subject) {
      const model = await subject.fit(subject.sample());
      model[Symbol.dispose]();
      model[Symbol.dispose]();
    },
  },
} satisfies CheckTable;

/** @throws AssertionError with the place of what is neither a typed array nor a JSON value. */
function assertPlain(value: unknown, place: string): void {
  if (value === null || value === undefined || isTypedArray(value)) return;
  if (['string', 'boolean', 'number'].includes(typeof value)) return;
  if (Array.isArray(value)) {
    for (const [i, part] of value.entries()) assertPlain(part, `${place}[${i}]`);
    return;
  }
  const isPlain =
    typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) assert.fail(`${place} is ${Object.prototype.toString.call(value)}, which no file can hold`);
  for (const [name, part] of Object.entries(value as object)) assertPlain(part, `${place}.${name}`);
}
