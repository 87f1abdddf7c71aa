import { readPictures } from '../../data/pictures/read-pictures.ts';
import type { FittedImageClassifier } from '../../models/image-classifier/fit-pictures.ts';
import { pictureFormat } from '../../models/image-classifier/predict-pictures.ts';
import { type Io, printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { count } from '../layout.ts';
import { progressLine } from '../progress-line.ts';
import { evaluatePictures, printEvaluation } from './picture-evaluation.ts';
import { reportSkipped } from './report-skipped.ts';

interface Flags {
  readonly json: boolean;
  readonly threads: number | undefined;
}

/** Mistakes listed with `--json`. */
const LISTED = 100;

/** `heddle evaluate MODEL FOLDER`: compares what a model says with the folders that pictures lie in. */
export async function evaluateOnPictures(
  model: FittedImageClassifier,
  folder: string,
  flags: Flags,
  io: Io,
): Promise<void> {
  const progress = progressLine(io.stderr);
  try {
    const pictures = await readPictures(folder, pictureFormat(model), {
      signal: io.signal,
      onProgress: (state) => progress.show('reading', state),
    });
    reportSkipped(pictures, io);
    const tested = await evaluatePictures(model, pictures, { io, flags, progress });
    progress.wipe();
    const { metrics, truth, predicted, files } = tested;
    if (!flags.json) {
      printEvaluation(tested, io, count(files.length, 'picture'));
      return;
    }
    const wrong = [...files.keys()].filter((i) => truth[i] !== predicted[i]).slice(0, LISTED);
    printLine(
      io.stdout,
      jsonText({
        model: model.specification.name,
        problem: 'classification',
        rows: { evaluated: files.length, skipped: pictures.skipped.length },
        metrics,
        mistakes: wrong.map((i) => ({ file: files[i], truth: truth[i], prediction: predicted[i] })),
        skipped: pictures.skipped,
      }),
    );
  } finally {
    progress.wipe();
  }
}
