import type { UpdateFigures } from './update-policy.ts';

/** How the updates went: means from one evaluation to the next. */
export type Diagnostics = { readonly [F in keyof UpdateFigures | 'steps' | 'updates']: readonly number[] };

/** Means of the figures of updates. */
export class FigureLog {
  readonly diagnostics: { readonly [F in keyof Diagnostics]: number[] };
  #sums: UpdateFigures[] = [];

  constructor(from: Diagnostics | undefined) {
    const of = (name: keyof Diagnostics) => [...(from?.[name] ?? [])];
    this.diagnostics = {
      ...{ steps: of('steps'), updates: of('updates'), valueLoss: of('valueLoss'), entropy: of('entropy') },
      ...{ approxKl: of('approxKl'), clipFraction: of('clipFraction') },
      explainedVariance: of('explainedVariance'),
    };
  }

  add(figures: UpdateFigures): void {
    this.#sums.push(figures);
  }

  close(steps: number): void {
    if (this.#sums.length === 0) return;
    this.diagnostics.steps.push(steps);
    this.diagnostics.updates.push(this.#sums.length);
    for (const name of ['valueLoss', 'entropy', 'approxKl', 'clipFraction', 'explainedVariance'] as const) {
      const total = this.#sums.reduce((sum, figures) => sum + figures[name], 0);
      this.diagnostics[name].push(total / this.#sums.length);
    }
    this.#sums = [];
  }
}
