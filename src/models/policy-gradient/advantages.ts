/** How an episode went on after a step. */
export const Ending = { none: 0, terminated: 1, cut: 2 } as const;

/** Steps of one or several environments side by side, in the order of time. */
export interface Played {
  readonly rows: number;
  readonly rewards: Float64Array;
  /** Which environment each step is of. */
  readonly owners: Int32Array;
  /** {@link Ending} of each step; the last of every environment is terminated or cut. */
  readonly endings: Uint8Array;
}

export interface Advantages {
  readonly advantages: Float64Array;
  /** What the values should be: advantages plus values. */
  readonly returns: Float64Array;
}

/**
 * Generalized advantages: Â_t = δ_t + γλ Â_{t+1} with δ_t = r_t + γ V(s_{t+1}) − V(s_t), begun anew with each episode; with λ = 1 the
 * discounted return less V. J. Schulman et al., High-dimensional continuous control using generalized advantage estimation (2016).
 *
 * Nothing follows a terminated step. One that was cut (by a time limit, or because the rollout ends there) is followed by the value of the
 * observation it led to.
 * @param values V of the observation before each step.
 * @param cutValues V of what the cut steps led to, in their order.
 */
export function generalizedAdvantages(
  { rows, rewards, owners, endings }: Played,
  values: ArrayLike<number>,
  cutValues: ArrayLike<number>,
  { gamma, gaeLambda, environments }: { gamma: number; gaeLambda: number; environments: number },
): Advantages {
  const advantages = new Float64Array(rows);
  const returns = new Float64Array(rows);
  const nextValue = new Float64Array(environments);
  const nextAdvantage = new Float64Array(environments);
  let cut = cutValues.length;
  for (let i = rows - 1; i >= 0; i--) {
    const owner = owners[i]!;
    if (endings[i] !== Ending.none) {
      nextAdvantage[owner] = 0;
      nextValue[owner] = endings[i] === Ending.cut ? cutValues[--cut]! : 0;
    }
    const delta = rewards[i]! + gamma * nextValue[owner]! - values[i]!;
    const advantage = delta + gamma * gaeLambda * nextAdvantage[owner]!;
    advantages[i] = advantage;
    returns[i] = advantage + values[i]!;
    nextAdvantage[owner] = advantage;
    nextValue[owner] = values[i]!;
  }
  return { advantages, returns };
}

/** Writes the numbers less their mean, over their standard deviation (with n − 1) + 10⁻⁸; of a single one there is none. */
export function normalize(numbers: Float32Array, count: number): void {
  if (count < 2) return;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += numbers[i]!;
  mean /= count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (numbers[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / (count - 1)) + 1e-8;
  for (let i = 0; i < count; i++) numbers[i] = (numbers[i]! - mean) / deviation;
}
