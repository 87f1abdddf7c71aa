// The generator xoshiro128++ (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2019): its state is four 32-bit words, not
// all 0.

export const XOSHIRO_BYTES: usize = 16;

/** The next 32 random bits. */
// @ts-ignore: decorator
@inline
export function nextWord(state: usize): u32 {
  let s0 = load<u32>(state);
  let s1 = load<u32>(state, 4);
  let s2 = load<u32>(state, 8);
  let s3 = load<u32>(state, 12);
  const word = rotl<u32>(s0 + s3, 7) + s0;
  const shifted = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= shifted;
  s3 = rotl<u32>(s3, 11);
  store<u32>(state, s0);
  store<u32>(state, s1, 4);
  store<u32>(state, s2, 8);
  store<u32>(state, s3, 12);
  return word;
}

/** One of 0 … n − 1: ⌊n · word / 2³²⌋, whose chances differ by n / 2³² at most. */
// @ts-ignore: decorator
@inline
export function drawBelow(state: usize, n: u32): u32 {
  return <u32>((<u64>nextWord(state) * n) >> 32);
}

/** Uniform on [0, 1) with 53 random bits. */
// @ts-ignore: decorator
@inline
export function drawUniform(state: usize): f64 {
  const high = <f64>(nextWord(state) >> 5);
  return (high * 67108864.0 + <f64>(nextWord(state) >> 6)) / 9007199254740992.0;
}
