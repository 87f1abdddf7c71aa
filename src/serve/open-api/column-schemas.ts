import type { Label } from '../../core/labels.ts';
import type { ServedColumn } from '../model/served-column.ts';
import type { ServedTarget } from '../model/served-model.ts';

/** A JSON Schema (2020-12, as OpenAPI 3.1 uses it). */
export type JsonSchema = Readonly<Record<string, unknown>>;

const MOST_LEVELS = 100;

/** What a row of the model looks like. */
export function rowSchema(columns: readonly ServedColumn[]): JsonSchema {
  return {
    type: 'object',
    description: 'One row: the columns that the model was trained on. Others are ignored.',
    required: columns.map(({ name }) => name),
    properties: Object.fromEntries(columns.map((column) => [column.name, columnSchema(column)])),
    example: exampleRow(columns),
  };
}

/** A row that the model takes, from what it knows of its training. */
export function exampleRow(columns: readonly ServedColumn[]): JsonSchema {
  return Object.fromEntries(columns.map((column) => [column.name, exampleOf(column)]));
}

function columnSchema(column: ServedColumn): JsonSchema {
  const { kind, acceptsMissing, levels, range } = column;
  const type = { number: 'number', string: 'string', boolean: 'boolean', date: 'string' }[kind];
  const said = [
    kind === 'date' ? 'ISO 8601, UTC without an offset.' : '',
    range === undefined ? '' : `In training from ${rangeText(column, range)}.`,
    levels === undefined || kind === 'boolean'
      ? ''
      : `In training one of ${levels.length}: ${listed(levels)}.`,
  ].filter((part) => part !== '');
  return {
    type: acceptsMissing ? [type, 'null'] : type,
    ...(said.length > 0 && { description: said.join(' ') }),
    // No enum: what becomes of a category that is new is the model's affair.
    ...(levels !== undefined && { examples: levels.slice(0, MOST_LEVELS) }),
  };
}

function rangeText({ kind }: ServedColumn, range: readonly [number, number]): string {
  const [least, largest] = range.map((value) =>
    kind === 'date' ? new Date(value).toISOString() : String(value),
  );
  return `${least} to ${largest}`;
}

function listed(levels: readonly Label[]): string {
  const shown = levels.slice(0, 20).map((level) => JSON.stringify(level));
  return shown.join(', ') + (levels.length > shown.length ? ', …' : '');
}

function exampleOf({ kind, levels, range }: ServedColumn): unknown {
  switch (kind) {
    case 'string':
      return String(levels?.[0] ?? 'text');
    case 'boolean':
      return true;
    case 'date':
      return new Date(range?.[1] ?? 0).toISOString();
    case 'number':
      return levels?.[0] ?? range?.[0] ?? 0;
    default:
      return kind satisfies never;
  }
}

/** What the model says of one row. */
export function predictionSchema(target: ServedTarget): JsonSchema {
  const of = target.name === null ? '' : ` of ${target.name}`;
  const labels = target.classes?.map(String);
  return {
    type: 'object',
    required: ['id', 'prediction'],
    properties: {
      id: { type: 'string', description: 'Name it in /feedback.' },
      prediction:
        target.classes === null
          ? { type: ['number', 'null'], description: `The value${of}.` }
          : { enum: target.classes, description: `The most likely class${of}.` },
      ...(target.classes === null && {
        interval: {
          type: 'array',
          description:
            'Lower and upper bound that the value is expected within; absent when the model gives none.',
          items: { type: ['number', 'null'] },
          minItems: 2,
          maxItems: 2,
        },
      }),
      ...(labels !== undefined && {
        probabilities: {
          type: 'object',
          description: 'By class; absent when the model gives none.',
          properties: Object.fromEntries(
            labels.map((label) => [label, { type: 'number', minimum: 0, maximum: 1 }]),
          ),
        },
      }),
    },
  };
}
