import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DataError } from '../core/errors.ts';
import type { Feedback } from '../monitor/log/prediction-log.ts';
import type { ServeContext } from './context.ts';
import type { ServedTarget } from './model/served-model.ts';
import { parseJson, refuseHostileKey } from './predict/json-body.ts';
import type { PredictBody } from './predict/predict-route.ts';

const id = z.string().min(1).max(128);

/** What `POST /feedback` takes: {@link Feedback} without its time, which the server knows. */
export const feedbackSchema = z.strictObject({
  predictionId: id.describe('The `id` of a prediction.'),
  said: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('label'),
        value: z.union([z.string().max(10_000), z.number(), z.boolean()]).describe('The right answer.'),
      }),
      z.strictObject({
        kind: z.literal('rating'),
        value: z.number().min(0).max(1).describe('A grade of the answer: 0 is worst, 1 is best.'),
      }),
      z.strictObject({
        kind: z.literal('preference'),
        over: id.describe('The `id` of the prediction that was worse.'),
      }),
    ])
    .describe('What the user says of it.'),
  author: z.string().min(1).max(200).optional().describe('Who says so; default: the name of the key.'),
  comment: z.string().max(10_000).optional(),
  key: id
    .optional()
    .describe('Makes a repeated request count once; the header Idempotency-Key does the same.'),
});

const statuses = { stored: 201, duplicate: 200, replaced: 200, 'unknown-prediction': 404 } as const;

/** Answers `POST /feedback`: `{"outcome": "stored"}`, also `duplicate` and `replaced`, once it is on the disk. */
export function feedbackRoute({ log, slot }: ServeContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (log === undefined) {
      throw new DataError(
        'request/no-log',
        'This server keeps no predictions, so there is nothing to comment on. Start it with --log FILE.',
      );
    }
    const entry = feedbackOf(request, slot.current.model.target);
    const outcome = await log.feedback(entry);
    if (outcome === 'unknown-prediction') {
      throw new DataError(
        'request/unknown-prediction',
        `The log has no prediction '${entry.predictionId}'. Check the id; very old ones may be gone.`,
      );
    }
    reply.code(statuses[outcome]);
    await reply.send({ outcome });
  };
}

function feedbackOf(request: FastifyRequest, target: ServedTarget): Feedback {
  const { bytes } = request.body as Extract<PredictBody, { bytes: Buffer }>;
  const json = parseJson(bytes.toString('utf8'));
  refuseHostileKey(json);
  const parsed = feedbackSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new DataError(
      'request/bad-feedback',
      `The feedback is wrong${issue.path.length === 0 ? '' : ` at '${issue.path.join('.')}'`}: ${issue.message}.`,
    );
  }
  const { said, author = request.keyName ?? undefined, ...rest } = parsed.data;
  if (said.kind === 'label') requireLabel(said.value, target);
  const header = request.headers['idempotency-key'];
  const key = rest.key ?? (typeof header === 'string' ? header.slice(0, 128) : undefined);
  return { ...rest, said, author, key, at: Date.now() };
}

/** A class that the model does not know may be the right answer; a text where it predicts numbers is not. */
function requireLabel(value: string | number | boolean, { kind, classes }: ServedTarget): void {
  const wanted = kind === 'number' ? 'number' : typeof classes![0];
  if (typeof value === wanted) return;
  throw new DataError(
    'request/bad-feedback',
    `The right answer is a ${wanted}, as the model's predictions are, but got ${JSON.stringify(value).slice(0, 60)}.`,
  );
}
