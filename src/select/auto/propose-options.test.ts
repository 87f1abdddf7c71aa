import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choices, logUniform, uniform } from '../../core/options.ts';
import { trialRandom } from '../search/trial-seed.ts';
import { proposeOptions, type SetOptions } from './propose-options.ts';

const spaces = { rate: logUniform(1e-3, 1), share: uniform(0, 1), kind: choices('a', 'b') };

test('options may stay at their defaults, but not all of them', () => {
  const proposed = Array.from({ length: 60 }, (_, i) => proposeOptions(spaces, [], trialRandom(1, i)));
  const sizes = new Set(proposed.map((options) => Object.keys(options).length));
  assert.deepEqual([...sizes].sort(), [1, 2, 3]);
  assert.ok(proposed.every((options) => Object.keys(options).every((path) => path in spaces)));
});

test('an option that does harm is left at its default, one that helps is set to what helped', () => {
  const observed: { params: SetOptions; loss: number; progress: number }[] = [];
  for (let i = 0; i < 40; i++) {
    const params = proposeOptions(spaces, observed, trialRandom(3, i));
    const loss = ('share' in params ? 1 : 0) + Math.abs(Math.log10(Number(params.rate ?? 1)) + 2);
    observed.push({ params, loss, progress: 1 });
  }
  const late = observed.slice(25);
  const share = (path: string) => late.filter(({ params }) => path in params).length / late.length;
  assert.ok(share('share') < 0.35, `share is set in ${share('share')}`);
  assert.ok(share('rate') > 0.65, `rate is set in ${share('rate')}`);
});

test('a single option is always set, and failures and defaults are no trouble', () => {
  const one = { rate: spaces.rate };
  const failed = Array.from({ length: 12 }, (_, i) => ({
    params: i === 0 ? {} : { rate: 0.01 * i },
    loss: Number.NaN,
    progress: 1,
  }));
  const { rate } = proposeOptions(one, failed, trialRandom(2, 12));
  assert.ok(Number(rate) >= 1e-3 && Number(rate) <= 1);
});
