import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../../core/random.ts';
import { type AdwinOptions, adwin } from './adwin.ts';
import { type PageHinkleyOptions, pageHinkley } from './page-hinkley.ts';

interface Stream {
  readonly name: string;
  readonly seed: number;
  /** Length, level and width of each part, as parity/drift.py makes them. */
  readonly parts: readonly [number, number, number][];
  readonly adwin: readonly {
    readonly options: AdwinOptions;
    readonly alarms: readonly number[];
    readonly width: number;
    readonly mean: number;
    readonly variance: number;
  }[];
  readonly pageHinkley: readonly {
    readonly options: PageHinkleyOptions;
    readonly alarms: readonly number[];
  }[];
}

const { streams } = JSON.parse(
  readFileSync(new URL('../../../parity/fixtures/drift.json', import.meta.url), 'utf8'),
) as { streams: Stream[] };

function values({ seed, parts }: Stream): number[] {
  const random = new RandomState(seed);
  return parts.flatMap(([length, level, width]) =>
    Array.from(random.randint(0, 1e6, length), (v) => level + width * (v / 1e6)),
  );
}

function alarmsOf(
  detector: { update(value: number): { drift: boolean } },
  stream: readonly number[],
): number[] {
  return stream.flatMap((value, i) => (detector.update(value).drift ? [i] : []));
}

for (const stream of streams) {
  test(`ADWIN alarms where river's does on the stream '${stream.name}'`, () => {
    for (const { options, alarms, width, mean, variance } of stream.adwin) {
      const detector = adwin(options);
      const numbers = values(stream);
      assert.deepEqual(
        alarmsOf(detector, numbers.slice(0, -1)),
        alarms.filter((i) => i < numbers.length - 1),
      );
      const last = detector.update(numbers.at(-1)!);
      assert.equal(last.width, width);
      // Sums of up to 12,000 numbers near 1,000, added in another order.
      assert.ok(Math.abs(last.mean - mean) <= 1e-10 * Math.max(1, Math.abs(mean)));
      assert.ok(
        Math.abs(last.variance - variance) <= 1e-8 * Math.max(1, variance),
        `${last.variance} ${variance}`,
      );
    }
  });

  test(`Page–Hinkley alarms where river's does on the stream '${stream.name}'`, () => {
    for (const { options, alarms } of stream.pageHinkley) {
      assert.deepEqual(alarmsOf(pageHinkley(options), values(stream)), alarms);
    }
  });
}

test('detectors go on from their state, which survives JSON, as if nothing had happened', () => {
  const stream = streams.find(({ name }) => name === 'up and down')!;
  const numbers = values(stream);
  const makers = [
    (state?: unknown) => adwin({}, state as undefined),
    (state?: unknown) => pageHinkley({ threshold: 5 }, state as undefined),
  ];
  for (const make of makers) {
    const whole = make();
    let resumed = make();
    for (const [i, value] of numbers.entries()) {
      if (i % 97 === 0) resumed = make(JSON.parse(JSON.stringify(resumed.state())));
      assert.deepEqual(resumed.update(value), whole.update(value));
    }
  }
});

test('a state handed out does not change afterwards', () => {
  for (const detector of [adwin(), pageHinkley()]) {
    detector.update(1);
    const state = detector.state();
    const text = JSON.stringify(state);
    for (let i = 0; i < 100; i++) detector.update(i);
    assert.equal(JSON.stringify(state), text);
  }
});

test('the window of ADWIN is remembered in a logarithmic number of buckets', () => {
  const detector = adwin();
  for (let i = 0; i < 20_000; i++) detector.update(i % 7);
  const buckets = detector.state().window.rows.flat().length;
  assert.equal(detector.update(0).width, 20_001);
  assert.ok(buckets <= 5 * Math.ceil(Math.log2(20_000)), String(buckets));
});

test('values that are not finite and options out of range are refused', () => {
  assert.throws(() => adwin().update(Number.NaN), { code: 'data/not-finite' });
  assert.throws(() => pageHinkley().update(Infinity), { code: 'data/not-finite' });
  assert.throws(() => adwin({ delta: 0 }), { code: 'option/invalid' });
  assert.throws(() => pageHinkley({ treshold: 1 } as PageHinkleyOptions), {
    code: 'option/unknown',
    message: /threshold/,
  });
});
