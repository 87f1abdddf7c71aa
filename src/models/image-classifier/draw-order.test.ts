import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { epochOrder } from './draw-order.ts';

const codes = Int32Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : 1));
const all = Int32Array.from(codes, (_, i) => i);
const orderOf = (balance: number, length: number | null = null) =>
  epochOrder(all, codes, { classes: 2, balance, length }, new RandomState(1));

function countOf(order: Int32Array, code: number): number {
  return order.reduce((count, i) => count + Number(codes[i] === code), 0);
}

test('without balance a pass shows every picture once', () => {
  const order = orderOf(0);
  const first = order.next();
  assert.deepEqual(
    [...first].sort((a, b) => a - b),
    [...all],
  );
  assert.notDeepEqual(first, all);
  assert.notDeepEqual(order.next(), first);
});

test('balance 1 shows classes alike, 1/2 by the roots of their numbers', () => {
  assert.equal(countOf(orderOf(1).next(), 1), 50);
  // √10 / (√90 + √10) = 1/4.
  const half = orderOf(0.5);
  assert.equal(countOf(half.next(), 1), 25);
  assert.deepEqual([...half.shares], [0.75, 0.25]);
});

test('short passes go through all pictures of a class before one comes again', () => {
  const order = orderOf(0, 50);
  const seen = [...order.next(), ...order.next()];
  assert.equal(seen.length, 100);
  assert.equal(new Set(seen).size, 100);
});

test('a class of one picture is shown in every pass, however short', () => {
  const lonely = Int32Array.from({ length: 60 }, (_, i) => Number(i === 59));
  const order = epochOrder(
    Int32Array.from(lonely, (_, i) => i),
    lonely,
    { classes: 2, balance: 0, length: 10 },
    new RandomState(0),
  );
  for (let pass = 0; pass < 3; pass++) {
    const shown = order.next();
    assert.equal(shown.length, 10);
    assert.ok(shown.includes(59));
  }
});
