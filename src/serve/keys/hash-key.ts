import { createHash } from 'node:crypto';

/**
 * SHA-256 of salt and key. Slow hashes such as scrypt are for passwords, which can be guessed; a key of 256 random bits
 * cannot, however fast the hash, and a slow one would let anybody keep the server busy with wrong keys. The salt makes equal keys in
 * two files look different.
 */
export function hashKey(key: string, salt: string): Buffer {
  return createHash('sha256').update(salt).update(key).digest();
}
