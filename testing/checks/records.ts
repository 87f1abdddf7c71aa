import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTypedArray } from '../../src/core/shared.ts';
import { copyData } from '../../src/define/copy-data.ts';
import { restoreModel } from '../../src/define/factory.ts';
import { loadModel, saveModel } from '../../src/store/model-file.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import { factoriesIn, functionsIn, resolverFor } from '../resolve-model.ts';
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
  'file-restores': {
    holds: 'a saved file gives the same model, bit for bit, and the same file again',
    async run(subject) {
      const { x, y } = subject.sample();
      const model = await subject.fit({ x, y });
      const models = [...(await factoriesIn(subject.factory, subject.specification)).values()];
      const functions = functionsIn(subject.specification);
      const folder = await mkdtemp(join(tmpdir(), 'heddle-check-'));
      try {
        await saveModel(model, join(folder, 'first'));
        const loaded = (await loadModel(join(folder, 'first'), { models, functions })) as AnyFitted;
        assertSame(await outputsOf(loaded, x), await outputsOf(model, x), 'the loaded model');
        await saveModel(loaded, join(folder, 'second'));
        const [first, second] = await Promise.all(
          ['first', 'second'].map((name) => readFile(join(folder, name))),
        );
        assert.ok(first!.equals(second!), 'the file of the loaded model differs from the file it came from');
      } finally {
        await rm(folder, { recursive: true });
      }
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
