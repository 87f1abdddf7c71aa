import { FileError, OptionError } from '../../core/errors.ts';
import { sharedArray } from '../../core/shared.ts';

/** The encoding a byte order mark stands for, and its length. */
export function byteOrderMark(
  bytes: Uint8Array,
): { readonly encoding: string; readonly length: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** The label's name in the encoding standard. @throws OptionError for an unknown one. */
export function knownEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new OptionError(
      'option/invalid',
      `readCsv: option 'encoding' cannot be '${label}'. Use a name such as 'utf-8', 'gb18030', 'utf-16le', 'windows-1252' or 'shift_jis'.`,
      { option: 'encoding' },
    );
  }
}

/**
 * The bytes of a text in UTF-8, on shared memory.
 * @throws FileError when they are no text of that encoding.
 */
export function toUtf8(pieces: Iterable<Uint8Array>, encoding: string, name: string): Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (text: string) => {
    const part = encoder.encode(text);
    parts.push(part);
    length += part.length;
  };
  try {
    for (const piece of pieces) add(decoder.decode(piece, { stream: true }));
    add(decoder.decode());
  } catch {
    throw new FileError(
      'file/encoding',
      `${name} is no valid ${encoding} text (somewhere after character ${length}). Give its real encoding, or none for UTF-8.`,
      { file: name, encoding },
    );
  }
  return joinShared(parts, length);
}

export function joinShared(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = sharedArray(Uint8Array, length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * A likely encoding of text that is not UTF-8. East Asian characters are pairs of high bytes (mostly), accented Western
 * letters stand between ASCII ones; which East Asian encoding is seen from the characters that come out.
 */
export function likelyEncoding(sample: Uint8Array): string {
  let high = 0;
  let alone = 0;
  for (let i = 0; i < sample.length; i++) {
    if (sample[i]! < 128) continue;
    high++;
    if (!(sample[i - 1]! > 127) && !(sample[i + 1]! > 127)) alone++;
  }
  if (alone > high / 2) return 'windows-1252';
  const candidates = [
    ['gb18030', /[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]/u],
    ['shift_jis', /[\u3040-\u30ff\u4e00-\u9fff\u3000-\u303f]/u],
    ['euc-kr', /[\uac00-\ud7af]/u],
  ] as const;
  for (const [encoding, usual] of candidates) {
    let text: string;
    try {
      text = new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true });
    } catch {
      continue;
    }
    const foreign = [...text].filter((c) => c.codePointAt(0)! > 127);
    const fitting = foreign.filter((c) => usual.test(c)).length;
    if (foreign.length > 0 && fitting >= foreign.length * 0.9) return encoding;
  }
  return 'windows-1252';
}
