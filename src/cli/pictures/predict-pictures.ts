import { columnFromCells, Frame } from '../../core/frame.ts';
import { listUnlabelled } from '../../data/pictures/list-pictures.ts';
import { readPictureFiles } from '../../data/pictures/read-pictures.ts';
import type { FittedImageClassifier } from '../../models/image-classifier/fit-pictures.ts';
import {
  type PicturePredictions,
  pictureFormat,
  predictPictures,
} from '../../models/image-classifier/predict-pictures.ts';
import { type Io, printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { count, layOut } from '../layout.ts';
import { progressLine } from '../progress-line.ts';
import { printCsv, writeTable } from '../write-table.ts';
import { isFolder } from './picture-place.ts';
import { reportSkipped } from './report-skipped.ts';

interface Flags {
  readonly out: string | undefined;
  readonly json: boolean;
  readonly threads: number | undefined;
}

/** Pictures shown on a terminal. */
const SHOWN = 20;

/** `heddle predict MODEL PICTURES`: a line for one picture, a table for a folder. */
export async function predictOnPictures(
  model: FittedImageClassifier,
  place: string,
  flags: Flags,
  io: Io,
): Promise<void> {
  const progress = progressLine(io.stderr);
  const isMany = await isFolder(place);
  try {
    const files = isMany ? (await listUnlabelled(place)).files.map(({ path }) => path) : [place];
    const pictures = await readPictureFiles(files, pictureFormat(model), {
      signal: io.signal,
      onProgress: (state) => progress.show('reading', state),
    });
    const found = await predictPictures(model, pictures, { signal: io.signal, threads: flags.threads });
    progress.wipe();
    reportSkipped(pictures, io);
    const table = tableOf(model, found);
    if (flags.out !== undefined) await writeTable(table, flags.out, io);
    if (flags.json) printLine(io.stdout, jsonText(summaryOf(model, found, flags.out)));
    else if (flags.out !== undefined)
      printLine(io.stdout, `${count(table.rows, 'picture')} with predictions in ${flags.out}`);
    else if (!isMany) printLine(io.stdout, `${found.labels[0]} ${largest(found, 0).toFixed(2)}`);
    else if (io.stdout.isTTY === true) printSome(found, io);
    else printCsv(table, io.stdout);
  } finally {
    progress.wipe();
  }
}

function largest({ probabilities }: PicturePredictions, i: number): number {
  return Math.max(...probabilities.row(i));
}

function tableOf(
  { classes }: FittedImageClassifier,
  { files, labels, probabilities }: PicturePredictions,
): Frame {
  return new Frame([
    ['file', columnFromCells('file', files)],
    ['prediction', columnFromCells('prediction', labels)],
    ...classes.map(
      (label, c) => [`probability_${label}`, { kind: 'number', values: probabilities.column(c) }] as const,
    ),
  ] as never);
}

function summaryOf(
  { classes, specification }: FittedImageClassifier,
  found: PicturePredictions,
  out: string | undefined,
): object {
  const { files, labels, probabilities, skipped } = found;
  return {
    model: specification.name,
    problem: 'classification',
    rows: files.length,
    predictions: files.map((file, i) => ({
      file,
      prediction: labels[i],
      probability: largest(found, i),
      probabilities: Object.fromEntries(classes.map((label, c) => [label, probabilities.at(i, c)])),
    })),
    skipped,
    out: out ?? null,
  };
}

function printSome(found: PicturePredictions, io: Io): void {
  const rows = Math.min(SHOWN, found.files.length);
  const body = Array.from({ length: rows }, (_, i) => [
    found.files[i]!,
    found.labels[i]!,
    largest(found, i).toFixed(2),
  ]);
  for (const line of layOut([['file', 'prediction', 'probability'], ...body], ['left', 'left', 'right']))
    printLine(io.stdout, line);
  if (rows < found.files.length)
    printLine(io.stdout, `and ${count(found.files.length - rows, 'more picture')}; --out FILE writes all`);
}
