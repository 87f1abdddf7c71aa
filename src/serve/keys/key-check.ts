import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { DataError } from '../../core/errors.ts';
import { hashKey } from './hash-key.ts';
import { keyId, readKeys, type StoredKey } from './key-file.ts';

interface Known {
  readonly name: string;
  readonly salt: string;
  readonly hash: Buffer;
}

/** Checks the keys that clients show against a file of keys, which may change while the server runs. */
export class KeyCheck {
  readonly #path: string;
  #byId = new Map<string, Known>();
  #stamp = '';

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws FileError */
  static async open(path: string): Promise<KeyCheck> {
    const check = new KeyCheck(path);
    await check.refresh();
    return check;
  }

  /** Reads the file again when it has changed. @throws FileError; then the keys stay as they were. */
  async refresh(): Promise<void> {
    const { mtimeMs, size, ino } = await stat(this.#path).catch(() => ({ mtimeMs: -1, size: 0, ino: 0 }));
    const stamp = `${mtimeMs} ${size} ${ino}`;
    if (stamp === this.#stamp) return;
    const keys = await readKeys(this.#path);
    this.#byId = new Map(keys.map((key) => [key.id, known(key)]));
    this.#stamp = stamp;
  }

  /**
   * @param shown What the client sent as its key.
   * @returns the name of the key.
   * @throws DataError `request/no-key`, `request/wrong-key`
   */
  check(shown: string | undefined): string {
    if (shown === undefined || shown === '') {
      throw new DataError(
        'request/no-key',
        'This server needs a key: send it as "Authorization: Bearer KEY" or "X-API-Key: KEY".',
      );
    }
    const id = keyId(shown);
    // An unknown id costs the same work as a known one; ids are no secret, but need not be told apart by time either.
    const candidate = (id === undefined ? undefined : this.#byId.get(id)) ?? nobody;
    const isRight = timingSafeEqual(hashKey(shown, candidate.salt), candidate.hash);
    if (isRight && candidate !== nobody) return candidate.name;
    throw new DataError('request/wrong-key', 'The key is not one of this server.');
  }
}

const nobody: Known = { name: '', salt: '00'.repeat(16), hash: Buffer.alloc(32) };

function known({ name, salt, hash }: StoredKey): Known {
  return { name, salt, hash: Buffer.from(hash, 'hex') };
}
