import { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { checkAlias, checkName } from './model-reference.ts';
import type { RecordedFacts } from './recorded-facts.ts';
import type { Lineage, RegisterFacts } from './registry.ts';

/** Longest note, reason or value of a tag, in UTF-16 units. */
export const TEXT_LENGTH = 4000;
const MOST_TAGS = 100;
const MOST_METRICS = 1000;
/** Of the JSON that one version keeps of its metrics or its lineage. */
const JSON_BYTES = 64 * 1024;

/** Facts as a row keeps them. */
export interface CheckedFacts {
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: string;
  readonly lineage: string;
  readonly note: string;
}

const lineageSchema = z.strictObject({
  dataSource: z.string().optional(),
  dataFingerprint: z.string().optional(),
  rows: z.int().nonnegative().optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  split: z.record(z.string(), z.unknown()).optional(),
  heddle: z.string().optional(),
  parent: z.int().positive().optional(),
});

/**
 * Given facts, checked and merged with those that the model file remembers. Recorded options that are too large for a row are left
 * out: the file has them.
 * @throws OptionError naming the fact
 */
export function checkFacts(given: RegisterFacts, recorded: RecordedFacts): CheckedFacts {
  const { aliases = [], tags = {}, metrics = {}, lineage = {}, note = '' } = given;
  const parsed = lineageSchema.safeParse(lineage);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw badFact(`lineage.${path.join('.')}`, message);
  }
  for (const [name, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value))
      throw badFact(`metrics.${name}`, `it is ${value}; only finite numbers are kept`);
  }
  const own = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  const all: Lineage = { ...recorded.lineage, ...own };
  const isLarge = all.options === recorded.lineage.options && bytesOf(all) > JSON_BYTES;
  return {
    aliases: [...new Set(aliases.map(checkAlias))],
    tags: checkTags(tags),
    metrics: factsJson('metrics', mostOf('metrics', { ...recorded.metrics, ...metrics }, MOST_METRICS)),
    lineage: factsJson('lineage', isLarge ? { ...all, options: undefined } : all),
    note: checkText('note', note),
  };
}

/** Tags that can be set, their keys composed. @throws OptionError */
export function checkTags<V extends string | null>(tags: Readonly<Record<string, V>>): Record<string, V> {
  const entries = Object.entries(mostOf('tags', tags, MOST_TAGS)).map(([key, value]): [string, V] => {
    const name = checkName(key, 'key of a tag');
    if (value !== null) checkText(`tags.${name}`, value);
    return [name, value];
  });
  return Object.fromEntries(entries);
}

/** A text that a terminal shows as it is: no control characters but tab and line feed. @throws OptionError */
export function checkText(fact: string, text: string): string {
  if (typeof text !== 'string') throw badFact(fact, 'it is no text');
  if (text.length > TEXT_LENGTH)
    throw badFact(fact, `it has ${text.length} characters; ${TEXT_LENGTH} are kept at most`);
  // C0 and C1, which steer terminals, without tab and line feed.
  if (/(?![\t\n])\p{Control}/u.test(text)) throw badFact(fact, 'it has control characters');
  return text;
}

/** Refuses more tags than a version keeps. @throws OptionError */
export function mostOf<V>(fact: string, values: Readonly<Record<string, V>>, most = MOST_TAGS) {
  const n = Object.keys(values).length;
  if (n > most) throw badFact(fact, `there are ${n}; a version keeps ${most} at most`);
  return values;
}

function factsJson(fact: string, value: object): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= JSON_BYTES) return text;
  throw badFact(fact, `it takes ${Buffer.byteLength(text)} bytes of JSON; ${JSON_BYTES} are kept at most`);
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function badFact(fact: string, what: string): OptionError {
  return new OptionError('registry/bad-fact', `Cannot keep ${fact}: ${what}.`, { fact });
}
