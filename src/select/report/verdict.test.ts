import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricRecord, RunRecord } from '../run/run-record.ts';
import { verdictOf } from './verdict.ts';

function run(metric: Partial<MetricRecord>, baseline?: number): RunRecord {
  const full: MetricRecord = {
    name: 'r2',
    value: 0.9,
    greaterIsBetter: true,
    interval: [0.85, 0.93],
    ...metric,
  };
  const choice =
    baseline === undefined
      ? null
      : { metric: full.name, leaderboard: [{ isBaseline: true, mean: baseline }] };
  return { metrics: [full], choice, problem: { kind: 'regression' }, test: { confusion: null } } as never;
}

test('a model beats the baseline when even the pessimistic end of its interval does', () => {
  assert.equal(verdictOf(run({}, 0.5)).outcome, 'better');
  assert.equal(verdictOf(run({}, 0.87)).outcome, 'unclear');
  assert.equal(verdictOf(run({}, 0.95)).outcome, 'worse');
});

test('for a loss the upper end is the pessimistic one', () => {
  const loss = { name: 'rmse', greaterIsBetter: false, value: 10, interval: [8, 12] as const };
  assert.equal(verdictOf(run(loss, 13)).outcome, 'better');
  assert.equal(verdictOf(run(loss, 9)).outcome, 'unclear');
  assert.equal(verdictOf(run(loss, 7)).outcome, 'worse');
});

test('without an interval nothing is claimed', () => {
  assert.equal(verdictOf(run({ interval: null }, 0)).outcome, 'unclear');
  assert.equal(verdictOf(run({ value: null }, 0)).outcome, 'unknown');
  assert.equal(verdictOf(run({ name: 'mae' })).outcome, 'unknown');
});

test('without a comparison the baseline follows from the metric', () => {
  assert.equal(verdictOf(run({})).baseline!.value, 0);
  const confusion = [
    [60, 10],
    [5, 25],
  ];
  const accuracy = { ...run({ name: 'accuracy' }), test: { confusion } } as never;
  assert.equal(verdictOf(accuracy).baseline!.value, 0.7);
});

test('the metric that decided is the headline', () => {
  const [first] = run({}).metrics;
  const metrics = [first!, { ...first!, name: 'mae' }];
  const choice = { metric: 'mae', leaderboard: [] };
  assert.equal(verdictOf({ ...run({}), metrics, choice } as never).metric!.name, 'mae');
});
