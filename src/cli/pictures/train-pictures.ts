import type { z } from 'zod';
import { OptionError } from '../../core/errors.ts';
import { readPictures, readPicturesOptions } from '../../data/pictures/read-pictures.ts';
import { trainTestIndices } from '../../data/split/train-test-indices.ts';
import { fitPictures } from '../../models/image-classifier/fit-pictures.ts';
import { imageClassifier } from '../../models/image-classifier/image-classifier.ts';
import { optionsFromTexts } from '../../select/option-text.ts';
import { saveModel } from '../../store/model-file.ts';
import { type Io, printLine } from '../io.ts';
import { jobOptions } from '../job-options.ts';
import { jsonText } from '../json-text.ts';
import { count, layOut } from '../layout.ts';
import { requireWritable } from '../output-path.ts';
import { progressLine } from '../progress-line.ts';
import { registerTrained, requireRegistrable } from '../registry/register-trained.ts';
import { settings } from '../settings.ts';
import type { TrainFlags } from '../train/flags.ts';
import { evaluatePictures, printEvaluation } from './picture-evaluation.ts';
import { reportSkipped } from './report-skipped.ts';

/** `heddle train FOLDER`: fits an image classifier on a folder with a folder for each class and evaluates it on pictures it never saw. */
export async function trainOnPictures(folder: string, flags: TrainFlags, io: Io): Promise<void> {
  requirePictureFlags(flags);
  const { reading, options } = optionsOf(flags);
  const specification = imageClassifier.from(options);
  if (flags.out !== undefined) await requireWritable(flags.out);
  await requireRegistrable(flags);
  const progress = progressLine(io.stderr);
  const start = performance.now();
  try {
    const all = await readPictures(folder, reading, {
      signal: io.signal,
      onProgress: (state) => progress.show('reading', state),
    });
    progress.wipe();
    reportSkipped(all, io);
    const { train, test } = trainTestIndices(all.count, {
      testSize: flags['test-size'] ?? 0.2,
      randomState: flags.seed ?? 42,
      stratify: all.labels,
    });
    const warnings: string[] = [];
    const work = jobOptions('training', { io, flags, progress, warnings });
    const model = await fitPictures(specification, all.take(train), {
      ...work,
      positiveClass: flags.positive,
      checkpoint: flags.checkpoint === undefined ? undefined : { path: flags.checkpoint },
    });
    const tested = await evaluatePictures(model, all.take(test), { io, flags, progress });
    const { out, register } = flags;
    if (out !== undefined) await saveModel(model, out);
    const registered =
      register === undefined
        ? null
        : await registerTrained((file) => saveModel(model, file), { ...flags, register }, 'image-classifier');
    progress.wipe();
    const seconds = (performance.now() - start) / 1000;
    const facts = {
      model: 'image-classifier',
      problem: 'classification',
      classes: model.classes,
      positiveClass: model.positiveClass,
      options: specification.toJSON().options,
      format: model.format,
      rows: { train: train.length, test: test.length, skipped: all.skipped.length, ignored: all.ignored },
      passes: model.nIter,
      metrics: tested.metrics,
      skipped: all.skipped,
      ...{ warnings, seconds, out: out ?? null, registered },
    };
    if (flags.json) {
      printLine(io.stdout, jsonText(facts));
      return;
    }
    const skipped = all.skipped.length > 0 ? `, ${all.skipped.length} skipped` : '';
    const lines = [
      ['model', `image-classifier, ${specification.options.preset}`],
      ['pictures', `${train.length} to train, ${test.length} to test${skipped}`],
      [
        'classes',
        model.classes
          .map((label) => `${label} ${all.labels!.filter((own) => own === label).length}`)
          .join(', '),
      ],
      ['size', `${model.shape[1]} × ${model.shape[2]}, ${model.shape[0] === 1 ? 'grey' : 'colour'}`],
      [
        'network',
        `${count(
          model.summaryOfLayers.reduce((sum, { parameters }) => sum + parameters, 0),
          'parameter',
        )} in ${count(model.summaryOfLayers.length, 'layer')}`,
      ],
      ['trained', `${count(model.nIter, 'pass', 'passes')} in ${model.summary.seconds.toFixed(1)} s`],
      ...(out === undefined ? [] : [['saved', out]]),
      ...(registered === null ? [] : [['registered', `${registered.name}@${registered.version}`]]),
    ];
    for (const line of layOut(lines, ['left', 'left'])) printLine(io.stdout, line);
    printLine(io.stdout);
    printEvaluation(tested, io, `${count(test.length, 'test picture')}`);
  } finally {
    progress.wipe();
  }
}

type Reading = z.input<typeof readPicturesOptions>;

/** What `--set` says of the reading and of the model. */
function optionsOf(flags: TrainFlags): {
  readonly reading: Reading;
  readonly options: Record<string, unknown>;
} {
  const texts = Object.entries(settings(flags.set));
  const ofReading = ([name]: readonly [string, string]) =>
    name !== 'classes' && Object.hasOwn(readPicturesOptions.shape, name);
  const part = (entries: [string, string][]) => Object.fromEntries(entries);
  const { options } = imageClassifier.definition;
  const given = optionsFromTexts(options, part(texts.filter((entry) => !ofReading(entry))));
  return {
    reading: optionsFromTexts(readPicturesOptions, part(texts.filter(ofReading))) as Reading,
    options: { ...(flags.seed !== undefined && { randomState: flags.seed }), ...given },
  };
}

const ofTables = [
  ...([
    'target',
    'features',
    'drop',
    'categorical',
    'weight',
    'group',
    'time',
    'metric',
    'candidates',
  ] as const),
  ...(['folds', 'budget-seconds', 'budget-trials', 'budget-cost', 'price-per-cpu-hour', 'run'] as const),
] as const;

function requirePictureFlags(flags: TrainFlags): void {
  const { model } = flags;
  if (model !== undefined && !['image-classifier', 'image'].includes(model)) {
    throw new OptionError(
      'command/bad-flag',
      `--model ${model} takes a table; for a folder of pictures it is image-classifier.`,
      { flag: 'model' },
    );
  }
  const unfit = ofTables.find((name) => flags[name] !== undefined);
  if (unfit !== undefined) {
    throw new OptionError(
      'command/bad-flag',
      `--${unfit} is for tables; pictures have their classes from the folders that they lie in.`,
      { flag: unfit },
    );
  }
  if (flags.problem === 'regression')
    throw new OptionError('command/bad-flag', '--problem of pictures is classification.', {
      flag: 'problem',
    });
}
