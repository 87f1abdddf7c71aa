/** Pairs of classes (a, b), a < b, in the order of their decisions. */
export function* classPairs(classes: number): Generator<readonly [a: number, b: number]> {
  for (let a = 0; a < classes; a++) for (let b = a + 1; b < classes; b++) yield [a, b];
}

/**
 * The class of each row by the votes of all pairs: a decision above 0 is one for the pair's first class. Of equally
 * many votes the first class wins.
 */
export function votedCodes(decisions: Float64Array, rows: number, classes: number): Int32Array {
  const pairs = decisions.length / rows;
  const codes = new Int32Array(rows);
  const votes = new Int32Array(classes);
  for (let i = 0; i < rows; i++) {
    votes.fill(0);
    let at = i * pairs;
    for (const [a, b] of classPairs(classes)) votes[decisions[at++]! > 0 ? a : b]!++;
    let best = 0;
    for (let c = 1; c < classes; c++) if (votes[c]! > votes[best]!) best = c;
    codes[i] = best;
  }
  return codes;
}

/**
 * Scores a class, rows × classes: its votes, ties broken by its summed decisions squeezed into less than a third of a
 * vote.
 */
export function oneVsRestScores(decisions: Float64Array, rows: number, classes: number): Float64Array {
  const pairs = decisions.length / rows;
  const scores = new Float64Array(rows * classes);
  const sums = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    const own = scores.subarray(i * classes, (i + 1) * classes);
    sums.fill(0);
    let at = i * pairs;
    for (const [a, b] of classPairs(classes)) {
      const decision = decisions[at++]!;
      sums[a]! += decision;
      sums[b]! -= decision;
      // A decision of exactly 0 is a vote for the first class here, as in scikit-learn.
      own[decision < 0 ? b : a]! += 1;
    }
    for (let c = 0; c < classes; c++) own[c]! += sums[c]! / (3 * (Math.abs(sums[c]!) + 1));
  }
  return scores;
}
