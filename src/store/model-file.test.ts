import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FileError } from '../core/errors.ts';
import { Frame } from '../core/frame.ts';
import { Matrix } from '../core/matrix.ts';
import { RandomState } from '../core/random.ts';
import { decodeTensors, encodeTensors, type Tensor } from '../core/safetensors.ts';
import { isShared } from '../core/shared.ts';
import type { FittedModel } from '../define/fitted.ts';
import { logisticRegression } from '../models/logistic-regression/logistic-regression.ts';
import { ridge } from '../models/ridge/ridge.ts';
import { pipeline } from '../prepare/pipeline/pipeline.ts';
import { standardScaler } from '../prepare/standard-scaler/standard-scaler.ts';
import { keepsake } from './keepsake.fixture.ts';
import { modelChecksum } from './model-checksum.ts';
import { type LoadedModel, type LoadOptions, loadModel, saveModel } from './model-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-model-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const pathOf = (name: string) => join(folder, name);

const random = new RandomState(7);
const x = new Matrix({
  rows: 40,
  columns: 3,
  data: random.standardNormal(120) as Float64Array,
  names: ['面积', 'b', 'c'],
});
const y = Array.from({ length: 40 }, (_, i) => 2 * x.at(i, 0) - x.at(i, 1) + 0.1 * x.at(i, 2));

async function load<K extends LoadedModel['kind']>(kind: K, path: string, options?: LoadOptions) {
  const model = await loadModel(path, options);
  assert.equal(model.kind, kind);
  return model as Extract<LoadedModel, { kind: K }>;
}

async function failure(path: string, options?: LoadOptions): Promise<FileError> {
  try {
    await loadModel(path, options);
  } catch (error) {
    assert.ok(error instanceof FileError, `a FileError, not ${error}`);
    assert.ok(error.message.includes(path), `names the file: ${error.message}`);
    return error;
  }
  assert.fail('expected an error');
}

test('a regressor predicts the same bits after loading', async () => {
  const model = await ridge({ alpha: 0.3 }).fit(x, y);
  await saveModel(model, pathOf('ridge.heddle'));
  const loaded = await load('regressor', pathOf('ridge.heddle'));
  assert.deepEqual(await loaded.predict(x), await model.predict(x));
  assert.deepEqual(loaded.predictRow([1, 2, 3]), model.predictRow([1, 2, 3]));
  assert.deepEqual(loaded.record(), withoutUndefined(model));
  assert.deepEqual(loaded.specification.options, model.specification.options);
  assert.deepEqual((loaded as unknown as typeof model).coef, model.coef);
  assert.ok(isShared((loaded.state as { coef: Float64Array }).coef));
});

test('several targets, classes of text and columns of a frame survive', async () => {
  const two = new Matrix({
    rows: 40,
    columns: 2,
    data: random.standardNormal(80) as Float64Array,
    names: ['u', 'v'],
  });
  const regressor = await ridge().fit(x, two);
  await saveModel(regressor, pathOf('two.heddle'));
  const loadedTwo = await load('regressor', pathOf('two.heddle'));
  assert.deepEqual(await loadedTwo.predict(x), await regressor.predict(x));

  const frame = Frame.fromMatrix(x);
  const labels = y.map((value) => (value > 0 ? 'groß' : '小'));
  const classifier = await logisticRegression().fit(frame, labels, { positiveClass: 'groß' });
  await saveModel(classifier, pathOf('classes.heddle'));
  const loaded = await load('classifier', pathOf('classes.heddle'));
  assert.deepEqual(loaded.classes, classifier.classes);
  assert.equal(loaded.positiveClass, 'groß');
  assert.deepEqual(loaded.schema, classifier.schema);
  assert.deepEqual(await loaded.predict(frame), await classifier.predict(frame));
  assert.deepEqual(await loaded.predictProba(frame), await classifier.predictProba(frame));
});

test('odd values in options and state survive, and a model of the user loads when it is passed', async () => {
  const path = pathOf('keepsake.heddle');
  const model = await keepsake().fit(x, y);
  await saveModel(model, path);
  const error = await failure(path);
  assert.equal(error.code, 'file/unknown-model');
  assert.match(error.message, /'keepsake'.*models: \[it\]/s);
  const loaded = await load('regressor', path, { models: [keepsake] });
  assert.deepEqual(loaded.record(), withoutUndefined(model));
  assert.ok(Object.is((loaded.state as { odd: number[] }).odd[2], -0));
  assert.deepEqual(loaded.specification.options, model.specification.options);
  assert.deepEqual(await loaded.predict(x), await model.predict(x));
});

test('a function of the user is asked for by name', async () => {
  const path = pathOf('function.heddle');
  const double = (value: number) => 2 * value;
  await saveModel(await keepsake({ weigh: double }).fit(x, y), path);
  await assert.rejects(loadModel(path, { models: [keepsake] }), {
    code: 'option/missing-function',
    message: /double/,
  });
  const loaded = await load('regressor', path, { models: [keepsake], functions: { double } });
  assert.equal(loaded.specification.options.weigh, double);
});

async function savedBytes(): Promise<{ bytes: Buffer; model: FittedModel }> {
  const model = await keepsake().fit(x, y);
  await saveModel(model, pathOf('whole.heddle'));
  return { bytes: readFileSync(pathOf('whole.heddle')), model };
}

test('a file cut off anywhere is refused', async () => {
  const { bytes } = await savedBytes();
  const path = pathOf('cut.heddle');
  for (let length = 0; length < bytes.length; length += 97) {
    writeFileSync(path, bytes.subarray(0, length));
    const { code } = await failure(path, { models: [keepsake] });
    assert.equal(code, 'file/truncated', `${length} bytes`);
  }
});

test('a file with flipped bytes loads equal or is refused', async () => {
  const { bytes, model } = await savedBytes();
  const path = pathOf('flipped.heddle');
  const draws = new RandomState(1);
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const damaged = Buffer.from(bytes);
    for (let flips = 1 + (round % 3); flips > 0; flips--) {
      damaged[draws.randint(0, bytes.length) as number] ^= 1 << (draws.randint(0, 8) as number);
    }
    writeFileSync(path, damaged);
    try {
      const loaded = await loadModel(path, { models: [keepsake] });
      assert.deepEqual(loaded.record(), withoutUndefined(model), `round ${round}`);
    } catch (error) {
      assert.ok(error instanceof FileError, `round ${round}: ${error}`);
      refused++;
    }
  }
  // Only the padding of the header may differ unnoticed: fewer than 8 of some thousand bytes.
  assert.ok(refused >= 390, `${refused} refused`);
});

/** The record without its undefined keys, which a file does not keep. */
function withoutUndefined(model: FittedModel): unknown {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, part]) => part !== undefined)
        .map(([key, part]) => [key, strip(part)]),
    );
  };
  return strip(model.record());
}

test('foreign files are refused', async () => {
  const { bytes } = await savedBytes();
  const foreign: Record<string, [Uint8Array | string, string]> = {
    empty: ['', 'file/truncated'],
    png: [
      Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(500, 3)]),
      'file/not-safetensors',
    ],
    zip: [
      Buffer.concat([Buffer.from('504b030414000000080000002100', 'hex'), Buffer.alloc(500, 9)]),
      'file/not-safetensors',
    ],
    json: ['{"$model":"ridge","options":{}}', 'file/not-safetensors'],
    random: [Uint8Array.from(new RandomState(3).randint(0, 256, 4000)), 'file/not-safetensors'],
    oversized: [
      Buffer.concat([Buffer.from('00000040000000007b', 'hex'), Buffer.alloc(100, 32)]),
      'file/header-too-large',
    ],
    other: [
      Buffer.concat(encodeTensors({ w: { dtype: 'F32', shape: [1], data: new Float32Array(1) } })),
      'file/not-a-model',
    ],
    longer: [Buffer.concat([bytes, Buffer.alloc(1)]), 'file/damaged'],
  };
  for (const [name, [content, code]] of Object.entries(foreign)) {
    writeFileSync(pathOf(name), content);
    assert.equal((await failure(pathOf(name))).code, code, name);
  }
});

test('what cannot be read is a named error', async () => {
  assert.equal((await failure(pathOf('absent.heddle'))).code, 'file/not-found');
  assert.equal((await failure(folder)).code, 'file/is-a-folder');
  const fifo = pathOf('pipe');
  if (process.platform !== 'win32') {
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
    assert.equal((await failure(fifo)).code, 'file/not-a-file');
  }
});

/** Writes the saved file again with other JSON or tensors; the checksum is made to match unless `checksum` says. */
async function forge(
  change: (parts: { json: Record<string, never>; tensors: Record<string, Tensor> }) => void,
  checksum?: string,
): Promise<FileError> {
  const { bytes } = await savedBytes();
  const file = decodeTensors(bytes);
  const parts = { json: JSON.parse(file.metadata.heddle), tensors: { ...file.tensors } };
  change(parts);
  const heddle = JSON.stringify(parts.json);
  const path = pathOf('forged.heddle');
  const sum = checksum ?? modelChecksum(heddle, parts.tensors);
  writeFileSync(path, Buffer.concat(encodeTensors(parts.tensors, { heddle, checksum: sum })));
  return failure(path, { models: [keepsake] });
}

test('a tampered file is refused, and so is one forged with a fitting checksum', async () => {
  const tampered = await forge(
    ({ tensors }) => {
      tensors['state.means'] = { dtype: 'F64', shape: [1], data: Float64Array.of(5) };
    },
    `sha256:${'0'.repeat(64)}`,
  );
  assert.equal(tampered.code, 'file/checksum');
  assert.match(tampered.message, /changed or damaged since it was saved/);
  type Loose = Record<string, Record<string, unknown>>;
  const cases: [
    code: string,
    message: RegExp,
    change: (json: Loose, tensors: Record<string, Tensor>) => void,
  ][] = [
    ['file/newer-format', /format 2.*Upgrade/s, (json) => Object.assign(json, { format: 2 })],
    ['file/damaged', /does not say its format/, (json) => Object.assign(json, { format: '1' })],
    ['file/damaged', /wrong at 'target'/, (json) => delete json.target],
    ['file/damaged', /Unrecognized key/, (json) => Object.assign(json, { more: 1 })],
    ['file/damaged', /columns, names and kinds differ/, (json) => Object.assign(json.schema, { columns: 4 })],
    ['file/damaged', /wrong at 'state'/, (json) => Object.assign(json, { state: Object.values(json.state) })],
    [
      'file/damaged',
      /'more' belongs to nothing/,
      (_, tensors) => Object.assign(tensors, { more: tensors['state.means'] }),
    ],
    [
      'file/damaged',
      /is F32 where "F64"/,
      (_, tensors) => {
        tensors['state.means'] = { dtype: 'F32', shape: [1], data: Float32Array.of(5) };
      },
    ],
    [
      'file/damaged',
      /has shape \[2\]/,
      (_, tensors) => {
        tensors['state.means'] = { dtype: 'F64', shape: [2], data: Float64Array.of(5, 6) };
      },
    ],
    [
      'file/unknown-model',
      /'\.\.\/evil'/,
      (json) => Object.assign(json.specification, { $$model: '../evil' }),
    ],
    [
      'file/unknown-model',
      /'__proto__'/,
      (json) => Object.assign(json.specification, { $$model: '__proto__' }),
    ],
    [
      'file/unknown-model',
      /Did you mean 'ridge'/,
      (json) => Object.assign(json.specification, { $$model: 'rigde' }),
    ],
    [
      'file/unfit-model',
      /no option 'shell'/,
      (json) => Object.assign(json.specification.options as object, { shell: 'x' }),
    ],
  ];
  for (const [code, message, change] of cases) {
    const error = await forge(({ json, tensors }) => change(json as unknown as Loose, tensors));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  }
});

test('a state that does not suit its model is refused at loading', async () => {
  const model = await ridge().fit(x, y);
  const path = pathOf('unfit.heddle');
  await saveModel({ record: () => ({ ...model.record(), state: { coef: 'none' } }) }, path);
  assert.equal((await failure(path)).code, 'file/unfit-model');
});

test('a linear state of other lengths than columns and targets need is refused at loading, also in a pipeline', async () => {
  const path = pathOf('short.heddle');
  const refused = async (record: object, message: RegExp) => {
    await saveModel({ record: () => record as never }, path);
    const error = await failure(path);
    assert.equal(error.code, 'file/unfit-model');
    assert.match(error.message, message);
  };
  const two = [
    [1, 2],
    [2, 1],
    [3, 3],
    [4, 7],
  ];
  const model = await ridge().fit(two, [1, 2, 3, 5]);
  const { coef, intercept } = model.state as Record<string, Float64Array>;
  const forged = (state: object) => ({ ...model.record(), state: { ...model.state, ...state } });
  await refused(
    forged({ coef: coef!.slice(1) }),
    /1 coefficients and 1 intercepts where 2 columns and 1 output need 2 and 1/,
  );
  await refused(forged({ intercept: Float64Array.of(0, ...intercept!) }), /2 intercepts/);
  const three = await logisticRegression().fit([...two, [9, 9], [8, 9]], ['a', 'b', 'c', 'a', 'b', 'c']);
  const target = { kind: 'classes', classes: ['a', 'b', 'c', 'd'], positiveClass: null };
  await refused(
    { ...three.record(), target },
    /6 coefficients and 3 intercepts where 2 columns and 4 outputs need 8/,
  );
  const piped = await pipeline(standardScaler(), ridge()).fit(two, [1, 2, 3, 5]);
  const state = piped.state as { readonly steps: readonly object[] };
  const steps = [state.steps[0]!, { ...state.steps[1], coef: Float64Array.of(1, 2, 3) }];
  await refused({ ...piped.record(), state: { ...state, steps } }, /Step 'ridge': It has 3 coefficients/);
  await refused(
    { ...piped.record(), state: { ...state, steps: steps.slice(1) } },
    /has 2 steps, but states of 1/,
  );
});

test('saving over a model replaces it whole, and an unwritable place is a named error', async () => {
  const here = pathOf('replace');
  mkdirSync(here);
  const model = await ridge().fit(x, y);
  const path = join(here, 'm.heddle');
  await saveModel(await keepsake().fit(x, y), path);
  await saveModel(model, path);
  assert.deepEqual((await loadModel(path)).record(), withoutUndefined(model));
  assert.deepEqual(readdirSync(here), ['m.heddle']);
  await assert.rejects(saveModel(model, join(here, 'no', 'm.heddle')), { code: 'file/folder-missing' });
  await assert.rejects(saveModel(model, here), { code: 'file/is-a-folder' });
});

test('state that a file cannot hold is refused by its path before anything is written', async () => {
  const model = await ridge().fit(x, y);
  const path = pathOf('unstorable.heddle');
  const record = { ...model.record(), state: { lookup: new Map() } as never };
  await assert.rejects(saveModel({ record: () => record }, path), {
    code: 'data/not-storable',
    message: /state\.lookup/,
  });
  assert.ok(!readdirSync(folder).includes('unstorable.heddle'));
});
