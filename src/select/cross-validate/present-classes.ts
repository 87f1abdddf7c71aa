import type { Label } from '../../core/labels.ts';
import { sharedArray } from '../../core/shared.ts';

/** The classes that occur among some rows, and the codes of those rows among them. */
export interface PresentClasses {
  readonly classes: readonly Label[];
  readonly codes: Int32Array;
  /** Place of each of `classes` among all. */
  readonly places: Int32Array;
}

/** What a model fitted on these rows alone would know: a class that does not occur leaves no trace in it. */
export function presentClasses(codes: Int32Array, all: readonly Label[]): PresentClasses {
  const isPresent = new Uint8Array(all.length);
  for (const code of codes) isPresent[code] = 1;
  const places = Int32Array.from(all.keys()).filter((place) => isPresent[place] === 1);
  if (places.length === all.length) return { classes: all, codes, places };
  const rank = new Int32Array(all.length);
  for (const [place, code] of places.entries()) rank[code] = place;
  const own = sharedArray(Int32Array, codes.length);
  for (let i = 0; i < own.length; i++) own[i] = rank[codes[i]];
  return { classes: Array.from(places, (place) => all[place]), codes: own, places };
}
