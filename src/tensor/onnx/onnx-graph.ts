import { OptionError } from '../../core/errors.ts';
import { isTypedArray } from '../../core/shared.ts';
import type {
  OnnxAttribute,
  OnnxAttributes,
  OnnxBuilder,
  OnnxData,
  OnnxElement,
  OnnxUnsupported,
  OnnxValue,
} from '../../define/onnx.ts';
import { elementNumbers, elementOf } from './element-types.ts';
import type {
  AttributeMessage,
  GraphMessage,
  NodeMessage,
  TensorMessage,
  ValueMessage,
} from './onnx-messages.ts';
import { isCompatible, opsets } from './opsets.ts';

/** Sizes of a tensor; a text names a size that may vary, e.g. `rows`. */
export type OnnxShape = readonly (number | string)[];

/** An input or output of a graph. */
export interface OnnxPort {
  readonly name: string;
  readonly element: OnnxElement;
  readonly shape: OnnxShape;
}

/** Numbers of AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 };

/** Constants up to this many elements are shared where they are equal. */
const SHARED_CONSTANT = 8;

/**
 * A graph under construction. Values are names; nodes are kept in the order in which they were added, which is an order of
 * computation. Typed arrays are taken over, not copied, until the graph is written.
 *
 *     const graph = new OnnxGraph();
 *     const x = graph.input('x', 'float64', ['rows', 3]);
 *     graph.output('y', graph.node('MatMul', [x, graph.constant(weights, [3, 2])]), 'float64', ['rows', 2]);
 *     const bytes = await writeOnnx(graph);
 */
export class OnnxGraph implements OnnxBuilder {
  readonly inputs: OnnxPort[] = [];
  readonly outputs: OnnxPort[] = [];
  readonly #nodes: NodeMessage[] = [];
  readonly #initializers: TensorMessage[] = [];
  readonly #names = new Set<string>();
  readonly #known = new Map<string, OnnxValue>();
  readonly #used = new Set<OnnxValue>();
  readonly #domains = new Set<string>(['']);
  /** Versions that an inserted file asked for. */
  readonly #opsets = new Map<string, number>();
  #next = 0;
  #isExact = true;

  /** float32 once a node has lost digits, see {@link losePrecision}. */
  get precision(): 'float64' | 'float32' {
    return this.#isExact ? 'float64' : 'float32';
  }

  /** Version of each operator set in use; '' is ONNX's own. */
  get opsets(): Readonly<Record<string, number>> {
    const all = [...this.#domains].map((domain) => [domain, this.#opsets.get(domain) ?? opsets[domain] ?? 1]);
    return Object.fromEntries(all);
  }

  /** Adds an input. @throws OptionError for a name that is taken or empty. */
  input(name: string, element: OnnxElement, shape: OnnxShape): OnnxValue {
    this.#take(name);
    this.inputs.push({ name, element, shape });
    return name;
  }

  /** Gives a value of the graph out under a name. @throws OptionError for a name that is taken or empty. */
  output(name: string, value: OnnxValue, element: OnnxElement, shape: OnnxShape): void {
    this.#take(name);
    this.#add('Identity', [value], [name], {});
    this.outputs.push({ name, element, shape });
  }

  /** A constant under a name of its own, such as a parameter. */
  initializer(name: string, data: OnnxData, shape?: readonly number[], element?: OnnxElement): OnnxValue {
    this.#take(name);
    this.#initializers.push({ ...tensorMessage(data, shape, element), name });
    return name;
  }

  constant(data: OnnxData, shape: readonly number[] = [data.length], element?: OnnxElement): OnnxValue {
    if (data.length > SHARED_CONSTANT) return this.initializer(this.#fresh('constant'), data, shape, element);
    const kind = element ?? elementOf(data);
    // Text of numbers has no −0.
    const key = JSON.stringify([
      kind,
      shape,
      Array.from(data as ArrayLike<number>, (v) => (Object.is(v, -0) ? '-0' : String(v))),
    ]);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = this.initializer(this.#fresh('constant'), data, shape, kind);
      this.#known.set(key, known);
    }
    return known;
  }

  scalar(value: number): OnnxValue {
    return this.constant(Float64Array.of(value), []);
  }

  node(op: string, inputs: readonly OnnxValue[], attributes: OnnxAttributes = {}): OnnxValue {
    return this.nodes(op, inputs, 1, attributes)[0]!;
  }

  nodes(
    op: string,
    inputs: readonly OnnxValue[],
    outputs: number,
    attributes: OnnxAttributes = {},
  ): OnnxValue[] {
    const [type] = splitOp(op);
    const names = Array.from({ length: outputs }, () => this.#fresh(type));
    for (const name of names) this.#names.add(name);
    this.#add(op, inputs, names, attributes);
    return names;
  }

  async insert(
    bytes: Uint8Array,
    feeds: Readonly<Record<string, OnnxValue>>,
    outputs: readonly string[],
  ): Promise<readonly OnnxValue[] | OnnxUnsupported> {
    const { renamedOnnx } = await import('./insert-onnx.ts');
    const inserted = await renamedOnnx(bytes, feeds, outputs, `${this.#fresh('file')}/`);
    if ('unsupported' in inserted) return inserted;
    for (const [domain, version] of Object.entries(inserted.opsets)) {
      const own = this.#opsets.get(domain);
      if (!isCompatible(domain, version) || (own !== undefined && own !== version)) {
        const name = domain === '' ? 'operator set' : domain;
        return {
          unsupported: `its file has ${name} ${version}, which cannot be joined with ${own ?? opsets[domain]}`,
        };
      }
      this.#opsets.set(domain, version);
    }
    for (const name of Object.values(feeds)) this.#used.add(name);
    for (const { output = [] } of inserted.nodes) for (const name of output) this.#names.add(name);
    for (const { name = '' } of inserted.initializers) this.#names.add(name);
    for (const { domain = '' } of inserted.nodes) this.#domains.add(domain === 'ai.onnx' ? '' : domain);
    this.#nodes.push(...inserted.nodes);
    this.#initializers.push(...inserted.initializers);
    return inserted.outputs;
  }

  losePrecision(): void {
    this.#isExact = false;
  }

  /** Whether any node reads the value. */
  isUsed(value: OnnxValue): boolean {
    return this.#used.has(value);
  }

  /** A name like `wanted` that is not taken. */
  freeName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name) || name === ''; i++) name = `${wanted}_${i}`;
    return name;
  }

  /** @param inputs Leaves out others, e.g. those that no node reads. */
  message(name: string, inputs: readonly OnnxPort[] = this.inputs): GraphMessage {
    return {
      name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: inputs.map(portMessage),
      output: this.outputs.map(portMessage),
    };
  }

  #add(op: string, inputs: readonly OnnxValue[], outputs: string[], attributes: OnnxAttributes): void {
    for (const input of inputs) {
      if (input !== '' && !this.#names.has(input))
        throw new OptionError(
          'onnx/unknown-value',
          `${op} reads '${input}', which is no value of the graph.`,
          { op },
        );
      this.#used.add(input);
    }
    const [opType, domain] = splitOp(op);
    this.#domains.add(domain);
    this.#nodes.push({
      ...{ opType, input: [...inputs], output: outputs, name: `${opType}_${this.#nodes.length}` },
      ...(domain === '' ? {} : { domain }),
      attribute: Object.entries(attributes).map(([name, value]) => attributeMessage(op, name, value)),
    });
  }

  #fresh(base: string): string {
    let name: string;
    do name = `${base}.${this.#next++}`;
    while (this.#names.has(name));
    return name;
  }

  #take(name: string): void {
    if (name === '' || this.#names.has(name)) {
      throw new OptionError(
        'onnx/name-taken',
        name === ''
          ? 'A value of a graph needs a name.'
          : `Two values of the graph are called '${name}'; names must differ.`,
        { name },
      );
    }
    this.#names.add(name);
  }
}

/** `ai.onnx.ml.LabelEncoder` is LabelEncoder of the domain ai.onnx.ml. */
function splitOp(op: string): readonly [type: string, domain: string] {
  const at = op.lastIndexOf('.');
  return [op.slice(at + 1), op.slice(0, Math.max(0, at))];
}

function portMessage({ name, element, shape }: OnnxPort): ValueMessage {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementNumbers[element], shape: { dim } } } };
}

function attributeMessage(op: string, name: string, value: OnnxAttribute): AttributeMessage {
  const say = (type: keyof typeof attributeTypes, fields: AttributeMessage) => ({
    name,
    type: attributeTypes[type],
    ...fields,
  });
  if (typeof value === 'number') {
    requireInteger(op, name, value);
    return say('int', { i: value });
  }
  if (typeof value === 'string') return say('string', { s: utf8.encode(value) });
  if (Array.isArray(value)) {
    if (typeof value[0] === 'string')
      return say('strings', { strings: value.map((text) => utf8.encode(text as string)) });
    for (const number of value) requireInteger(op, name, number as number);
    return say('ints', { ints: value as number[] });
  }
  const said = value as Exclude<OnnxAttribute, number | string | readonly number[] | readonly string[]>;
  if ('float' in said) return say('float', { f: said.float });
  if ('floats' in said) return say('floats', { floats: [...said.floats] });
  return say('tensor', { t: { ...tensorMessage(said.tensor, said.shape, said.element), name } });
}

function requireInteger(op: string, name: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw new OptionError(
    'onnx/attribute',
    `Attribute ${name} of ${op} is ${value}; write { float: ${value} }.`,
    {
      op,
      attribute: name,
    },
  );
}

const utf8 = new TextEncoder();

/** @throws OptionError when the shape does not hold the data. */
function tensorMessage(
  data: OnnxData,
  shape: readonly number[] = [data.length],
  element: OnnxElement = elementOf(data),
): TensorMessage {
  if (shape.reduce((product, size) => product * size, 1) !== data.length) {
    throw new OptionError(
      'onnx/shape',
      `A tensor of shape [${shape.join(', ')}] cannot hold ${data.length} elements.`,
      {
        elements: data.length,
      },
    );
  }
  const head = { dims: [...shape], dataType: elementNumbers[element] };
  if (element === 'string')
    return { ...head, stringData: (data as string[]).map((text) => utf8.encode(text)) };
  const numbers = isTypedArray(data) ? data : BigInt64Array.from(data as number[], BigInt);
  // Little-endian, as all machines that Node runs on are.
  return { ...head, rawData: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength) };
}
