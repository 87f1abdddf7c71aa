import { SeededSource } from './random-source.ts';

/** What an episode is for: each purpose has seeds of its own, so that what chooses a policy does not judge it too. */
export const SeedStream = { train: 1, choose: 2, judge: 3, act: 4, probe: 5, play: 6 } as const;
export type SeedStream = (typeof SeedStream)[keyof typeof SeedStream];

const source = new SeededSource();

/** The seed, 0 … 2^32 − 1, of episode number `episode` of a stream: any episode can be had without those before it. */
export function episodeSeed(randomState: number, stream: SeedStream, episode: number): number {
  source.seed(randomState, stream, episode);
  return source.word() >>> 0;
}
