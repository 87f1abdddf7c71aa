import type { PolicyEvaluation } from '../evaluate-policy.ts';
import type { LearningBudget, LearningCurve } from './learning.ts';

/** When to evaluate, the curve of the returns, and the policy that did best so far. */
export class LearningLog<B> {
  readonly steps: number[];
  readonly episodes: number[];
  readonly meanReturn: number[];
  readonly standardDeviation: number[];
  /** −∞ before any evaluation. */
  bestReturn: number;
  /** What was best when it was evaluated. */
  best: B | undefined;
  readonly #evaluations: number;
  readonly #budget: LearningBudget;
  #done: number;

  constructor(
    { evaluations, budget }: { readonly evaluations: number; readonly budget: LearningBudget },
    from:
      | {
          readonly curve: LearningCurve;
          readonly steps: number;
          readonly episodes: number;
          readonly bestReturn: number;
          readonly best: B;
        }
      | undefined,
  ) {
    this.#evaluations = evaluations;
    this.#budget = budget;
    this.steps = [...(from?.curve.steps ?? [])];
    this.episodes = [...(from?.curve.episodes ?? [])];
    this.meanReturn = [...(from?.curve.meanReturn ?? [])];
    this.standardDeviation = [...(from?.curve.standardDeviation ?? [])];
    this.bestReturn = from?.bestReturn ?? Number.NEGATIVE_INFINITY;
    this.best = from?.best;
    this.#done = this.#due(this.progress(from?.steps ?? 0, from?.episodes ?? 0));
  }

  get curve(): LearningCurve {
    const { steps, episodes, meanReturn, standardDeviation } = this;
    return { steps, episodes, meanReturn, standardDeviation };
  }

  /** How much of the budget is used up, from 0 on. */
  progress(steps: number, episodes: number): number {
    return Math.max(steps / this.#budget.steps, episodes / this.#budget.episodes);
  }

  /** Whether an evaluation is due that was not done yet. They are spread evenly over the budget. */
  isDue(steps: number, episodes: number): boolean {
    return this.#due(this.progress(steps, episodes)) > this.#done;
  }

  /** Takes an evaluation down and keeps the policy if it is the best; of equally good ones the later, which has seen more. */
  add(evaluation: PolicyEvaluation, steps: number, episodes: number, policy: B): void {
    this.#done = this.#due(this.progress(steps, episodes));
    this.steps.push(steps);
    this.episodes.push(episodes);
    this.meanReturn.push(evaluation.meanReturn);
    this.standardDeviation.push(evaluation.standardDeviation);
    if (evaluation.meanReturn < this.bestReturn) return;
    this.bestReturn = evaluation.meanReturn;
    this.best = policy;
  }

  #due(progress: number): number {
    // A share such as 3 × (1 ÷ 3) is meant to be whole.
    return Math.min(this.#evaluations, Math.floor(progress * this.#evaluations + 1e-9));
  }
}
