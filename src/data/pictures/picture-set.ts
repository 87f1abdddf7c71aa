import { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type PictureFormat, pictureLength, pictureShape } from './picture-format.ts';

/** A file that could not be read as a picture, and why. */
export interface SkippedPicture {
  readonly file: string;
  readonly reason: string;
}

export interface PictureSetInit {
  readonly format: PictureFormat;
  readonly pixels: Uint8Array;
  readonly files: readonly string[];
  readonly labels: readonly string[] | undefined;
  readonly classes: readonly string[];
  readonly skipped?: readonly SkippedPicture[];
  readonly ignored?: number;
}

/** Decoded pictures of one size, as bytes on shared memory. */
export class PictureSet {
  readonly format: PictureFormat;
  /** [count, channels, size, size]. */
  readonly pixels: Uint8Array;
  /** Where each came from. */
  readonly files: readonly string[];
  /** The class of each; undefined where pictures lie in no class. */
  readonly labels: readonly string[] | undefined;
  /** Sorted. */
  readonly classes: readonly string[];
  /** Files that called themselves pictures and could not be read. */
  readonly skipped: readonly SkippedPicture[];
  /** Files that did not call themselves pictures. */
  readonly ignored: number;

  constructor({ format, pixels, files, labels, classes, skipped = [], ignored = 0 }: PictureSetInit) {
    this.format = format;
    this.pixels = pixels;
    this.files = files;
    this.labels = labels;
    this.classes = classes;
    this.skipped = skipped;
    this.ignored = ignored;
  }

  get count(): number {
    return this.files.length;
  }

  /** Bytes of a picture. */
  get length(): number {
    return pictureLength(pictureShape(this.format));
  }

  /** A view (no copy) of one picture, [channels, size, size]. */
  picture(index: number): Uint8Array {
    return this.pixels.subarray(index * this.length, (index + 1) * this.length);
  }

  /** The pictures at `indices`, in that order, copied; all classes stay. */
  take(indices: ArrayLike<number>): PictureSet {
    const { format, classes, length } = this;
    const pixels = sharedArray(Uint8Array, indices.length * length);
    const chosen = Array.from(indices);
    for (const [to, from] of chosen.entries()) pixels.set(this.picture(from), to * length);
    return new PictureSet({
      ...{ format, pixels, classes },
      files: chosen.map((i) => this.files[i]!),
      labels: this.labels && chosen.map((i) => this.labels![i]!),
    });
  }

  /** The same pictures with left and right exchanged: another view of each, whose prediction may be averaged with that of the first. */
  mirrored(): PictureSet {
    const { size } = this.format;
    const pixels = sharedArray(Uint8Array, this.pixels.length);
    for (let from = 0; from < pixels.length; from += size)
      for (let x = 0; x < size; x++) pixels[from + x] = this.pixels[from + size - 1 - x]!;
    return new PictureSet({ ...this, pixels });
  }

  /** One flat picture a row, each number a byte divided by 255: what any model of numbers takes. */
  toMatrix(): Matrix<Float32Array> {
    const data = sharedArray(Float32Array, this.pixels.length);
    for (let i = 0; i < data.length; i++) data[i] = this.pixels[i]! / 255;
    return new Matrix({ rows: this.count, columns: this.length, data });
  }

  /** Sets of the same format as one. */
  static concat(sets: readonly PictureSet[]): PictureSet {
    const [first] = sets;
    const pixels = sharedArray(
      Uint8Array,
      sets.reduce((total, set) => total + set.pixels.length, 0),
    );
    let at = 0;
    for (const set of sets) {
      pixels.set(set.pixels, at);
      at += set.pixels.length;
    }
    const labels = sets.every((set) => set.labels !== undefined)
      ? sets.flatMap((set) => set.labels!)
      : undefined;
    return new PictureSet({
      ...{ format: first!.format, pixels, labels },
      files: sets.flatMap((set) => set.files),
      classes: [...new Set(sets.flatMap((set) => set.classes))].sort(),
      skipped: sets.flatMap((set) => set.skipped),
      ignored: sets.reduce((total, set) => total + set.ignored, 0),
    });
  }
}
