import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../../core/frame.ts';
import { RandomState } from '../../core/random.ts';
import { summariseReference } from '../drift/summarise-reference.ts';
import { constantChance, outsideQuantile } from './chance.ts';

test('values beyond the ends of a small reference pass the quantile as seldom as they may', () => {
  const random = new RandomState(1);
  for (const [n, m] of [
    [20, 40],
    [60, 20],
  ] as const) {
    const limit = outsideQuantile(n, m, 0.05);
    let beyond = 0;
    let some = 0;
    for (let i = 0; i < 2000; i++) {
      const reference = random.randomSample(n);
      const [least, most] = [Math.min(...reference), Math.max(...reference)];
      const outside = random.randomSample(m).filter((u) => u < least || u > most).length / m;
      if (outside > limit) beyond++;
      if (outside > 0) some++;
    }
    // 5% of 2,000 and three standard errors; shares come in steps, so it may be fewer.
    assert.ok(beyond <= 130 && beyond > 30, String(beyond));
    assert.ok(some > 400, String(some));
  }
});

test('the chance of equal values is that of the most frequent one', () => {
  const { columns } = summariseReference(
    Frame.fromColumns({ level: ['a', 'a', 'a', 'b'], number: [1, 1, 2, 3] }),
  );
  assert.equal(constantChance(columns[0]!, 3), 0.75 ** 2);
  assert.equal(constantChance(columns[1]!, 4), 0.5 ** 3);
  assert.equal(constantChance(columns[1]!, 1), 1);
});
