import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FileError } from '../../core/errors.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { type ModelMessage, modelType } from './onnx-messages.ts';
import { readOnnx } from './read-onnx.ts';
import { writeOnnx } from './write-onnx.ts';

async function small(): Promise<Uint8Array> {
  const graph = new OnnxGraph();
  const x = graph.input('x', 'float64', ['rows', 2]);
  const w = graph.initializer('w', Float64Array.of(1, 2, 3, 4), [2, 2]);
  graph.output('y', graph.node('MatMul', [x, w]), 'float64', ['rows', 2]);
  return writeOnnx(graph);
}

/** The small model with its message changed. */
async function changed(change: (model: ModelMessage) => void): Promise<Uint8Array> {
  const type = await modelType();
  const model = type.decode(await small()) as ModelMessage;
  change(model);
  return type.encode(model).finish();
}

test('what is no ONNX model is refused with the name of the file', async () => {
  const json = new TextEncoder().encode('{"format": "something else"}');
  for (const bytes of [new Uint8Array(0), json, Uint8Array.of(255, 255, 255, 255), new Uint8Array(1000)])
    await assert.rejects(readOnnx(bytes, 'm.onnx'), { code: 'file/not-onnx', message: /'m\.onnx'/ });
});

test('a model cut off anywhere or changed in any byte is read or refused as a file', async () => {
  const whole = await small();
  const attempt = async (bytes: Uint8Array) => {
    try {
      const { inputs } = await readOnnx(bytes);
      assert.ok(Array.isArray(inputs));
    } catch (error) {
      assert.ok(error instanceof FileError, String(error));
    }
  };
  for (let end = 0; end < whole.length; end++) await attempt(whole.subarray(0, end));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const bytes = whole.slice();
      bytes[at] = byte;
      await attempt(bytes);
    }),
    { numRuns: 500 },
  );
});

test('numbers in other files are refused, whatever their path', async () => {
  const bytes = await changed(({ graph }) => {
    const tensor = graph!.initializer![0]!;
    tensor.dataLocation = 1;
    tensor.externalData = [{ key: 'location', value: '../../../etc/passwd' }];
  });
  await assert.rejects(readOnnx(bytes), {
    code: 'file/external-data',
    message: /numbers of 'w' are in another file/,
  });
});

test('a tensor whose shape does not say how many bytes it has is refused, at any depth', async () => {
  const wrong: readonly ((model: ModelMessage) => void)[] = [
    ({ graph }) => {
      graph!.initializer![0]!.dims = [3, 2];
    },
    ({ graph }) => {
      graph!.initializer![0]!.dims = [-2, -2];
    },
    ({ graph }) => {
      graph!.initializer![0]!.dims = [2 ** 40, 2 ** 40];
    },
    ({ graph }) => {
      graph!.initializer![0]!.dataType = 1;
    },
    ({ graph }) => {
      const t = { dims: [9], dataType: 11, rawData: new Uint8Array(8) };
      const g = { node: [{ opType: 'Constant', attribute: [{ name: 'value', type: 4, t }] }] };
      graph!.node![0]!.attribute = [{ name: 'body', type: 5, g }];
    },
  ];
  for (const change of wrong)
    await assert.rejects(readOnnx(await changed(change)), {
      code: 'file/damaged',
      message: /tensor '.*' (has a size|of shape)/,
    });
});

/** A message that is field `number` of another. */
function field(number: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Uint8Array.from([(number << 3) | 2, ...length, ...content]);
}

test('graphs nested without end are refused before the stack ends', async () => {
  // A graph's node (1) has an attribute (5) that is a graph (6), and so on.
  let graph: Uint8Array = new Uint8Array(0);
  for (let i = 0; i < 2000; i++) graph = field(1, field(5, field(6, graph)));
  const bytes = Uint8Array.from([...(await small()), ...field(7, graph)]);
  await assert.rejects(readOnnx(bytes), { code: 'file/not-onnx', message: /depth/ });
});

test('parameters of old files that are listed as inputs are none', async () => {
  const bytes = await changed(({ graph }) => {
    graph!.input!.push({ name: 'w', type: { tensorType: { elemType: 11 } } });
  });
  assert.deepEqual(
    (await readOnnx(bytes)).inputs.map(({ name }) => name),
    ['x'],
  );
});

test('outputs that are no tensors are told apart, sizes that are not said too', async () => {
  const bytes = await changed(({ graph }) => {
    graph!.output!.push({ name: 'maps', type: { sequenceType: {} } });
    graph!.output!.push({ name: 'any', type: { tensorType: { elemType: 1 } } });
    graph!.output!.push({
      name: 'open',
      type: { tensorType: { elemType: 1, shape: { dim: [{}, { dimValue: 3 }] } } },
    });
  });
  const [, maps, any, open] = (await readOnnx(bytes)).outputs;
  assert.deepEqual([maps!.kind, maps!.element], ['sequence', undefined]);
  assert.deepEqual([any!.shape, open!.shape], [undefined, ['', 3]]);
});
