import { cellsFromText } from './cell-text.ts';
import { attempt, openLogToRead } from './log-database.ts';

/** What users said of a model's predictions. */
export interface FeedbackCounts {
  readonly labels: number;
  readonly ratings: number;
  /** In [0, 1]; null without ratings. */
  readonly meanRating: number | null;
  readonly preferences: number;
}

/** Counts the feedback on the predictions of a model, any of its versions. @throws FileError when the file is absent or no log. */
export async function countFeedback(path: string, model: string): Promise<FeedbackCounts> {
  const database = await openLogToRead(path);
  try {
    const rows = attempt(path, 'read', () =>
      database
        .prepare(
          `SELECT f.kind, f.value, count(*) AS n FROM heddle_feedback f JOIN heddle_predictions p ON p.number = f.prediction
          WHERE p.source IN (SELECT id FROM heddle_log_sources WHERE model = ?)
          GROUP BY f.kind, CASE f.kind WHEN 'rating' THEN f.value END`,
        )
        .all(model),
    ) as unknown as { readonly kind: string; readonly value: string; readonly n: number }[];
    const of = (kind: string) => rows.filter((row) => row.kind === kind);
    const count = (kind: string) => of(kind).reduce((sum, { n }) => sum + n, 0);
    const total = of('rating').reduce((sum, { value, n }) => sum + n * Number(cellsFromText(value)[0]), 0);
    const ratings = count('rating');
    return {
      labels: count('label'),
      ratings,
      meanRating: ratings === 0 ? null : total / ratings,
      preferences: count('preference'),
    };
  } finally {
    database.close();
  }
}
