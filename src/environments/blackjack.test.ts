import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEnvironment } from './make-environment.ts';
import { recorded } from './recorded.fixture.ts';

const rules = {
  sab: { sab: true },
  plain: { sab: false, natural: false },
  natural: { sab: false, natural: true },
};

for (const [name, options] of Object.entries(rules)) {
  test(`hands of blackjack (${name}) on given cards are Gymnasium's`, () => {
    const table = makeEnvironment<Int32Array>('Blackjack-v1', options);
    for (const [cards, actions, seen, reward] of recorded.blackjack[name]) {
      const left = [...cards];
      // The middle of the thirteenth that stands for the card.
      const random = { next: () => (left.shift()! - 0.5) / 13 };
      const observations = [[...table.reset({ random })]];
      let last: ReturnType<typeof table.step> | undefined;
      for (const action of actions) {
        last = table.step(action);
        observations.push([...last.observation]);
      }
      assert.deepEqual(observations, seen);
      assert.equal(last!.terminated, true);
      assert.equal(last!.reward, reward);
      assert.deepEqual(left, []);
    }
  });
}

test('recorded hands hold naturals, busts and draws', () => {
  const rewards = new Set(recorded.blackjack.natural.map((hand: unknown[]) => hand[3]));
  assert.deepEqual([...rewards].sort(), [-1, 0, 1, 1.5]);
});
