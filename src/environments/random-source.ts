/** Where environments and agents take their chance from. */
export interface RandomSource {
  /** Uniform on [0, 1). */
  next(): number;
}

/** xoshiro128** by D. Blackman and S. Vigna (Scrambled linear pseudorandom number generators, 2018), 2^128 − 1 words long. */
export class SeededSource implements RandomSource {
  readonly #words = new Int32Array(4);

  /** @param seed Whole numbers; each list of them starts another stream. */
  constructor(...seed: readonly number[]) {
    this.seed(...seed);
  }

  /** Starts anew, without allocating. */
  seed(first = 0, second = 0, third = 0): void {
    // Each word of the state is a mix of all bits of the seed; a number beyond 32 bits counts with its upper half too.
    let mixed = 0x9e3779b9 | 0;
    mixed = mix(mixed ^ first);
    mixed = mix((mixed + 0x9e3779b9) ^ Math.floor(first / 2 ** 32));
    mixed = mix((mixed + 0x9e3779b9) ^ second);
    mixed = mix((mixed + 0x9e3779b9) ^ third);
    const words = this.#words;
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) | 0;
      words[i] = mix(mixed);
    }
    // All zero is the one state that is never left.
    words[0] = words[0]! | 1;
  }

  /** 32 random bits as a signed number. */
  word(): number {
    const words = this.#words;
    const s1 = words[1]!;
    let result = Math.imul(s1, 5);
    result = Math.imul((result << 7) | (result >>> 25), 9);
    words[2] = words[2]! ^ words[0]!;
    words[3] = words[3]! ^ s1;
    words[1] = s1 ^ words[2]!;
    words[0] = words[0]! ^ words[3]!;
    words[2] = words[2]! ^ (s1 << 9);
    const s3 = words[3]!;
    words[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** Uniform on [0, 1) with 53 random bits. */
  next(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A whole number 0 ≤ k < n, for n ≤ 2^32: the upper word of n × 32 random bits, so that k is off uniform by at most n / 2^32. */
  below(n: number): number {
    return Math.floor(((this.word() >>> 0) * n) / 4294967296);
  }
}

/** The finalizer of MurmurHash3: every bit of the input turns half the bits of the output. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
