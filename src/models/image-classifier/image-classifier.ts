import { DataError } from '../../core/errors.ts';
import type { Matrix } from '../../core/matrix.ts';
import { sharedArray } from '../../core/shared.ts';
import { type PictureFormat, type PictureShape, pictureLength } from '../../data/pictures/picture-format.ts';
import { defineClassifier } from '../../define/define-classifier.ts';
import type { StateShape } from '../../define/definition.ts';
import type { OnnxBuilder, OnnxMatrix, OnnxUnsupported, OnnxValue } from '../../define/onnx.ts';
import type { Job } from '../../jobs/job.ts';
import { applyClassWeight } from '../../math/class-weights.ts';
import { probabilitiesOf } from '../../math/probabilities.ts';
import { type LayerSummary, summarizeNetwork } from '../../nets/network.ts';
import { networkNodes } from '../../nets/predict/network-nodes.ts';
import { networkOperations } from '../../nets/predict/network-operations.ts';
import { networkRows } from '../../nets/predict/network-rows.ts';
import { elementNumbers } from '../../tensor/onnx/element-types.ts';
import { probabilityNodes } from '../../tensor/onnx/probability-nodes.ts';
import { checkImageOptions, imageClassifierOptions } from './image-options.ts';
import type { ImageState } from './image-state.ts';
import { type Moments, type PictureData, standardised } from './picture-data.ts';

export interface ImageClassifierAttributes {
  /** Channels, height and width of a picture. */
  readonly shape: PictureShape;
  /** How files become pictures; null where rows of numbers were learned from. */
  readonly format: PictureFormat | null;
  /** What each layer gives and how many parameters it has. */
  readonly summaryOfLayers: readonly LayerSummary[];
  /** Mean loss of each pass over the distorted pictures. */
  readonly lossCurve: Float64Array;
  /** That of the pictures held out, as they are; empty without such pictures. */
  readonly validationLossCurve: Float64Array;
  /** Passes over the pictures. */
  readonly nIter: number;
}

/**
 * A convolutional network that tells what is on a picture. Rows are flat pictures, channels × height × width, with numbers such as bytes
 * divided by 255; folders of files are fitted by `fitPictures`. Trained on log loss by AdamW in float32 by ONNX Runtime, each picture
 * distorted anew each time it is shown.
 *
 *     const model = await imageClassifier({ epochs: 10 }).fit(rows, labels);
 *
 * @throws DependencyError in a fit or prediction without the package `onnxruntime-node`.
 */
export const imageClassifier = defineClassifier({
  name: 'image-classifier',
  module: import.meta.url,
  summary: 'A convolutional neural network that tells what is on a picture.',
  use: 'For pictures: folders of files, or rows that are flat pictures.',
  scaling: 'irrelevant',
  // Rows of a table are seldom pictures; who has some names this model.
  chosen: 'by-name',
  checkpoints: true,
  options: imageClassifierOptions,
  check: checkImageOptions,
  rowOperations: ({ network, backbone }: ImageState) =>
    networkOperations(network) + (backbone === null ? 0 : 100 * backbone.bytes.length),
  checkState,
  async fit(options, { x, y, classes, sampleWeight, validation, checkpoint }, job): Promise<ImageState> {
    const { fitImageClassifier } = await import('./fit-image-classifier.ts');
    const shape = shapeOfRows(options.shape, x.columns);
    const data = (of: Matrix, codes: Int32Array, weight: Float64Array | undefined): PictureData => ({
      ...{ shape, codes, weight, format: null, pixels: narrowed(of) },
    });
    return fitImageClassifier(job, {
      options,
      data: data(x, y, applyClassWeight(options.classWeight, { y, classes, sampleWeight })),
      ...{ classes: classes.length, checkpoint },
      validation: validation && data(validation.x, validation.y, validation.sampleWeight),
    });
  },
  async predictProba(state: ImageState, x, job) {
    const scores = await scoresOf(state, x, job);
    const classes = state.correction.length;
    for (let i = 0; i < scores.length; i++) scores[i]! += state.correction[i % classes]!;
    return probabilitiesOf(scores, classes);
  },
  async onnx(state: ImageState, x, graph) {
    const scores = await scoreNodes(state, x, graph);
    if (typeof scores !== 'string') return scores;
    const corrected = graph.node('Add', [scores, graph.constant(state.correction)]);
    return { probabilities: probabilityNodes(graph, corrected, state.correction.length) };
  },
  attributes({
    shape,
    format,
    network,
    lossCurve,
    validationLossCurve,
  }: ImageState): ImageClassifierAttributes {
    return {
      ...{ shape, format, lossCurve, validationLossCurve },
      summaryOfLayers: summarizeNetwork(network),
      nIter: lossCurve.length,
    };
  },
});

/** What the network gives for rows, before the correction. */
async function scoresOf(state: ImageState, x: Matrix, job: Job): Promise<Float64Array> {
  const { shape, moments, network, backbone } = state;
  const rows = x.rows;
  const data = standardised(x.data, moments, shape[1] * shape[2]);
  if (backbone === null) return networkRows(job, { data, rows }, network);
  const { backboneFeatures } = await import('./backbone.ts');
  const features = await backboneFeatures(job, backbone, shape, data);
  return networkRows(job, { data: standardised(features, backbone.moments, 1), rows }, network);
}

async function scoreNodes(
  { shape, moments, network, backbone }: ImageState,
  x: OnnxMatrix,
  graph: OnnxBuilder,
): Promise<OnnxValue | OnnxUnsupported> {
  const [channels, height, width] = shape;
  const pictures = graph.node('Reshape', [x.value, graph.constant([-1, channels, height * width])]);
  const flat = graph.node('Reshape', [
    standardisedNodes(graph, pictures, moments, [channels, 1]),
    graph.constant([-1, pictureLength(shape)]),
  ]);
  if (backbone === null) return networkNodes(graph, flat, network);
  graph.losePrecision();
  const narrow = graph.node('Cast', [flat], { to: elementNumbers.float32 });
  const shaped = graph.node('Reshape', [narrow, graph.constant([-1, ...shape])]);
  const found = await graph.insert(backbone.bytes, { [backbone.input]: shaped }, [backbone.output]);
  if ('unsupported' in found) return found;
  const features = graph.node('Reshape', [found[0]!, graph.constant([-1, backbone.features])]);
  const wide = graph.node('Cast', [features], { to: elementNumbers.float64 });
  return networkNodes(graph, standardisedNodes(graph, wide, backbone.moments, [backbone.features]), network);
}

function standardisedNodes(
  graph: OnnxBuilder,
  x: OnnxValue,
  { mean, scale }: Moments,
  shape: readonly number[],
): OnnxValue {
  return graph.node('Div', [
    graph.node('Sub', [x, graph.constant(mean, shape)]),
    graph.constant(scale, shape),
  ]);
}

function narrowed({ data, columns }: Matrix): Float32Array {
  const pixels = sharedArray(Float32Array, data.length);
  pixels.set(data);
  const at = pixels.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return pixels;
  throw new DataError(
    'data/too-large',
    `Column ${at % columns}, row ${Math.floor(at / columns)}: ${data[at]} is beyond the largest float32 number. Pictures have numbers from 0 to 1.`,
    { column: at % columns, row: Math.floor(at / columns) },
  );
}

/** @throws DataError when rows cannot be pictures of the shape. */
function shapeOfRows(shape: PictureShape | null, columns: number): PictureShape {
  if (shape !== null) {
    if (pictureLength(shape) === columns) return shape;
    throw new DataError(
      'data/column-count',
      `image-classifier: pictures of shape [${shape.join(', ')}] have ${pictureLength(shape)} numbers, but x has ${columns} columns.`,
      { columns },
    );
  }
  for (const channels of [3, 1]) {
    const side = Math.round(Math.sqrt(columns / channels));
    if (channels * side * side === columns) return [channels, side, side];
  }
  return [1, 1, columns];
}

function checkState(
  { shape, network, backbone, correction }: ImageState,
  { columns, outputs }: StateShape,
): void {
  const classes = Math.max(2, outputs);
  const inputs = network.inputShape.reduce((product, size) => product * size, 1);
  const expected = backbone === null ? columns : backbone.features;
  if (pictureLength(shape) === columns && inputs === expected && correction.length === classes) return;
  throw new DataError(
    'model/unfit-state',
    `its network is for ${inputs} numbers and ${correction.length} classes, but the model has ${columns} columns and ${classes} classes.`,
    {},
  );
}
