import { z } from 'zod';
import { heddleVersion } from '../../core/version.ts';
import { feedbackSchema } from '../feedback-route.ts';
import type { ServedModel } from '../model/served-model.ts';
import { type JsonSchema, predictionSchema, rowSchema } from './column-schemas.ts';

export interface OpenApiOptions {
  readonly maxRows: number;
  readonly needsKey: boolean;
  readonly takesFeedback: boolean;
}

const errors: Readonly<Record<string, string>> = {
  400: 'The body does not fit; the message names row and column.',
  401: 'No key, or a wrong one.',
  408: 'The body did not arrive in time.',
  413: 'Too many bytes or rows.',
  415: 'No such media type.',
  429: 'Too many requests of this key or address.',
  503: 'Too much in work; Retry-After says when to come back.',
};

/** The OpenAPI 3.1 document of a model's server: its schemas are made from the model's own columns. */
export function openApi(
  { identity, columns, target, model }: ServedModel,
  { maxRows, needsKey, takesFeedback }: OpenApiOptions,
): JsonSchema {
  const { name, version } = identity;
  const failures = (...statuses: number[]) =>
    Object.fromEntries(
      statuses
        .filter((status) => needsKey || status !== 401)
        .map((status) => [
          status,
          { description: errors[status], content: json({ $ref: '#/components/schemas/Error' }) },
        ]),
    );
  const row = { $ref: '#/components/schemas/Row' };
  const prediction = { $ref: '#/components/schemas/Prediction' };
  return {
    openapi: '3.1.0',
    info: {
      title: name,
      version: version === null ? 'file' : String(version),
      description: `${model.specification.definition.summary} Served by heddle ${heddleVersion()}.`,
    },
    // The page is in a folder, the routes are not.
    servers: [{ url: '/' }],
    ...(needsKey && { security: [{ bearer: [] }, { header: [] }] }),
    paths: {
      '/predict': {
        post: {
          summary: target.name === null ? 'Predict rows' : `Predict ${target.name}`,
          operationId: 'predict',
          requestBody: {
            required: true,
            content: {
              ...json({
                oneOf: [only('row', row), only('rows', { type: 'array', items: row, maxItems: maxRows })],
              }),
              'application/x-ndjson': {
                schema: {
                  type: 'string',
                  description: 'One row a line; answered line by line, however many there are.',
                },
              },
              'text/csv': { schema: { type: 'string', description: 'A header and one row a line.' } },
            },
          },
          responses: {
            200: {
              description: 'One prediction for "row", a list for "rows", in the order of the rows.',
              content: {
                ...json({
                  oneOf: [
                    { allOf: [prediction, withModel({})] },
                    withModel({ predictions: { type: 'array', items: prediction } }),
                  ],
                }),
                'application/x-ndjson': { schema: { type: 'string' } },
                'text/csv': { schema: { type: 'string' } },
              },
            },
            ...failures(400, 401, 408, 413, 415, 429, 503),
          },
        },
      },
      ...(takesFeedback && { '/feedback': { post: feedbackOperation(failures) } }),
      '/model': get('The model: columns, target, metrics', failures(401)),
      '/healthz': get('Whether the process answers', {}),
      '/readyz': get('Whether new requests are wanted', { 503: { description: 'The server is closing.' } }),
      '/metrics': get('Figures for Prometheus', failures(401), 'text/plain'),
    },
    components: {
      schemas: {
        Row: rowSchema(columns),
        Prediction: predictionSchema(target),
        Model: {
          type: 'object',
          properties: { name: { type: 'string' }, version: { type: ['integer', 'null'] } },
        },
        Error: {
          type: 'object',
          properties: {
            error: {
              type: 'object',
              properties: {
                code: { type: 'string' },
                message: { type: 'string' },
                details: { type: 'object' },
              },
            },
          },
        },
      },
      ...(needsKey && {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      }),
    },
  };
}

function feedbackOperation(failures: (...statuses: number[]) => object): JsonSchema {
  const outcome = { type: 'object', properties: { outcome: { enum: ['stored', 'duplicate', 'replaced'] } } };
  const { $schema: _, ...schema } = z.toJSONSchema(feedbackSchema);
  return {
    summary: 'Say what was right, or how good a prediction is',
    operationId: 'feedback',
    requestBody: { required: true, content: json(schema) },
    responses: {
      201: { description: 'Stored for good.', content: json(outcome) },
      200: { description: 'Said before, or said otherwise before.', content: json(outcome) },
      404: { description: 'No such prediction.' },
      ...failures(400, 401, 413, 415, 429, 503),
    },
  };
}

function get(summary: string, others: object, type = 'application/json'): JsonSchema {
  return {
    get: {
      summary,
      responses: { 200: { description: 'As asked.', content: { [type]: { schema: {} } } }, ...others },
    },
  };
}

function json(schema: object): JsonSchema {
  return { 'application/json': { schema } };
}

function only(key: string, schema: object): JsonSchema {
  return {
    type: 'object',
    title: key,
    required: [key],
    properties: { [key]: schema },
    additionalProperties: false,
  };
}

function withModel(properties: object): JsonSchema {
  return { type: 'object', properties: { ...properties, model: { $ref: '#/components/schemas/Model' } } };
}
