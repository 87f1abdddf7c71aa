import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { choices, integers, logUniform, option } from '../src/core/options.ts';
import type { Definition } from '../src/define/definition.ts';
import { modelPage } from './model-page.ts';

const loom = {
  kind: 'regressor',
  name: 'loom',
  summary: 'Weaves a line.',
  use: 'For threads.',
  missing: 'accepted',
  scaling: 'harmful',
  weighted: false,
  options: z.strictObject({
    alpha: option(z.number().nonnegative().default(1), 'Penalty.', logUniform(1e-4, 10)),
    picks: option(z.int().min(1).nullable().default(null), 'How many.', integers(1, 9)),
    knot: option(z.enum(['reef', 'bowline']).default('reef'), 'This | that.', choices('reef', 'bowline')),
    colours: option(z.array(z.string()), 'Names.'),
    tight: option(z.boolean().default(false), 'Pull.'),
  }),
} as unknown as Definition;

test('a model appears under its kind with its traits and a row for each option', () => {
  const page = modelPage([loom]);
  assert.match(
    page,
    /## Regressors\n\n### loom\n\nWeaves a line\. For threads\.\n\nMissing values are accepted\. /,
  );
  assert.match(page, /Do not standardise the columns first\. Takes no `sampleWeight`\.\n/);
  assert.deepEqual(
    page.split('\n').filter((line) => line.startsWith('| `')),
    [
      '| `alpha` | number ≥ 0 | `1` | 0.0001 … 10 (log) | Penalty. |',
      '| `picks` | whole number ≥ 1 or null | `null` | 1 … 9 | How many. |',
      '| `knot` | reef or bowline | `"reef"` | reef, bowline | This \\| that. |',
      '| `colours` | list of text | required |  | Names. |',
      '| `tight` | true or false | `false` |  | Pull. |',
    ],
  );
});

test('kinds without models have no chapter', () => {
  assert.doesNotMatch(modelPage([loom]), /Classifiers/);
});
