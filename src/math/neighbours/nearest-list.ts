/** The nearest so far of one query, ascending by distance, then by index; ∞ and −1 where none has been found yet. */
export interface NearestList {
  readonly distances: Float64Array;
  readonly indices: Int32Array;
}

/** Puts a row in its place, if it has one. */
export function offer({ distances, indices }: NearestList, distance: number, index: number): void {
  let at = distances.length - 1;
  if (!comesBefore(distance, index, distances[at]!, indices[at]!)) return;
  for (; at > 0 && comesBefore(distance, index, distances[at - 1]!, indices[at - 1]!); at--) {
    distances[at] = distances[at - 1]!;
    indices[at] = indices[at - 1]!;
  }
  distances[at] = distance;
  indices[at] = index;
}

function comesBefore(distance: number, index: number, other: number, otherIndex: number): boolean {
  return distance < other || (distance === other && (otherIndex === -1 || index < otherIndex));
}
