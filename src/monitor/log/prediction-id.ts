import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let lastMs = 0;
let counter = 0;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * A new id of a prediction: 26 letters and digits, the first ten the time in milliseconds and three a counter within it, the
 * rest random. Ids that go up with time keep the log's index short of random writes; nobody can guess another's.
 */
export function predictionId(now: number = Date.now()): string {
  if (now === lastMs) counter = (counter + 1) & 0x7fff;
  else {
    lastMs = now;
    counter = 0;
  }
  if (used + 13 > pool.length) {
    pool = randomBytes(13 * 512);
    used = 0;
  }
  let text = digits(now, 10) + digits(counter, 3);
  for (let i = 0; i < 13; i++) text += ALPHABET[pool[used++] & 31];
  return text;
}

function digits(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
