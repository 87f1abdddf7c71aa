import { existsSync } from 'node:fs';
import { DataError, OptionError } from '../core/errors.ts';
import { fileErrorFrom } from '../core/file-error.ts';
import type { Label } from '../core/labels.ts';
import { openPredictionLog } from '../monitor/log/open-prediction-log.ts';
import type { Feedback, PredictionLog } from '../monitor/log/prediction-log.ts';
import { defineCommand } from './command.ts';
import { number, onOff, text } from './flags.ts';
import { printLine, printWarning } from './io.ts';
import { jsonText } from './json-text.ts';
import { count } from './layout.ts';
import { labelColumn } from './monitor/label-file.ts';
import { dataNote, readFlags, readTable } from './read-table.ts';

/** Entries that are on their way to the log at once. */
const AT_ONCE = 2000;
/** Unknown ids that are named. */
const SHOWN = 5;

export const feedback = defineCommand({
  name: 'feedback',
  parameters: ['LOG'],
  summary: 'Adds right answers to logged predictions: one, or a file of them.',
  flags: {
    id: text('ID', 'The prediction, by the id that the server gave it'),
    label: text('VALUE', 'The right answer'),
    rating: number('GRADE', 'How good the answer was, 0 to 1'),
    file: text('DATA', 'A table with columns id and label, and author and comment where there are'),
    author: text('NAME', 'Who says so; each author has one word on a prediction, the latest'),
    comment: text('TEXT', 'A remark'),
    json: onOff('Print one object for programs'),
    ...readFlags,
  },
  notes: [
    dataNote,
    'The same entry again counts as a duplicate; another label by the same author replaces the former. ' +
      '`heddle monitor` measures performance by these labels, `heddle retrain` learns from them.',
  ],
  examples: [
    'heddle feedback predictions.db --id 01KB3Q0V8N000JX7RXN2GQ5WZK --label 215000',
    'heddle feedback predictions.db --file corrections.csv --author back-office',
  ],
  async run([path], flags, io) {
    const { file, id, label, rating } = flags;
    if (!existsSync(path!)) throw fileErrorFrom({ code: 'ENOENT' }, path!, 'read');
    const isSingle = id !== undefined;
    if (isSingle === (file !== undefined) || (isSingle && (label === undefined) === (rating === undefined))) {
      throw new OptionError(
        'command/missing-flag',
        'feedback needs --id ID with --label VALUE or --rating GRADE, or --file DATA.',
        { flag: 'id' },
      );
    }
    const at = Date.now();
    const given: Feedback[] = isSingle
      ? [{ predictionId: id, at, said: saidOf(label, rating), author: flags.author, comment: flags.comment }]
      : await fromFile(file!, at);
    await using log = await openPredictionLog(path!);
    const { counts, unknown } = await keep(log, given);
    if (unknown.length > 0) {
      const names = unknown.slice(0, SHOWN).join(', ');
      printWarning(
        io,
        `The log has no prediction ${names}${unknown.length > SHOWN ? `, … (${unknown.length})` : ''}.`,
      );
    }
    if (flags.json) printLine(io.stdout, jsonText({ entries: given.length, ...counts }));
    else {
      const { stored, replaced, duplicate, unknown: lost } = counts;
      const parts = [
        `${stored} stored`,
        `${replaced} replaced`,
        `${duplicate} known before`,
        `${lost} unknown`,
      ];
      printLine(io.stdout, `${count(given.length, 'entry', 'entries')}: ${parts.join(', ')}`);
    }
    return isSingle && counts.unknown > 0 ? 1 : 0;

    async function fromFile(data: string, now: number): Promise<Feedback[]> {
      // Ids are texts even where they look like numbers.
      const table = await readTable(data, flags, { io, kinds: { id: 'string' } });
      const ids = table.texts('id');
      const labels = labelColumn(table, undefined);
      const optional = (name: 'author' | 'comment') => (table.has(name) ? table.texts(name) : undefined);
      const authors = optional('author');
      const comments = optional('comment');
      return ids.map((predictionId, i) => {
        const value = labels[i]!;
        if (predictionId === null || value === null) {
          const column = predictionId === null ? 'id' : 'label';
          throw new DataError(
            'data/missing-value',
            `Column '${column}' of ${data} is empty in data row ${i + 1}: every correction has an id and a label.`,
            { column, row: i },
          );
        }
        return {
          predictionId,
          at: now,
          said: { kind: 'label', value },
          author: authors?.[i] ?? flags.author,
          comment: comments?.[i] ?? flags.comment,
        };
      });
    }
  },
});

function saidOf(label: string | undefined, rating: number | undefined): Feedback['said'] {
  return rating === undefined ? { kind: 'label', value: labelOf(label!) } : { kind: 'rating', value: rating };
}

/** Numbers as numbers, as a file's column would be read; everything else is text. */
function labelOf(given: string): Label {
  const value = Number(given);
  return given.trim() !== '' && Number.isFinite(value) && String(value) === given.trim() ? value : given;
}

async function keep(log: PredictionLog, given: readonly Feedback[]) {
  const counts = { stored: 0, replaced: 0, duplicate: 0, unknown: 0 };
  const unknown: string[] = [];
  for (let from = 0; from < given.length; from += AT_ONCE) {
    const part = given.slice(from, from + AT_ONCE);
    const outcomes = await Promise.all(part.map((entry) => log.feedback(entry)));
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome === 'unknown-prediction') {
        counts.unknown++;
        unknown.push(part[i]!.predictionId);
      } else counts[outcome]++;
    }
  }
  return { counts, unknown };
}
