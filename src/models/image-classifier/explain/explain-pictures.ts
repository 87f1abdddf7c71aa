import { OptionError } from '../../../core/errors.ts';
import { type PictureShape, pictureLength } from '../../../data/pictures/picture-format.ts';
import type { Tile } from '../../../data/pictures/picture-sheet.ts';
import type { JobOptions } from '../../../jobs/job.ts';
import { runJob } from '../../../jobs/pool.ts';
import { layerName, type Network } from '../../../nets/network.ts';
import type { FittedImageClassifier } from '../fit-pictures.ts';
import type { ImageState } from '../image-state.ts';
import type { GradCamPayload, GradCamResult, MaximizePayload } from './explain-task.ts';

const taskModule = new URL(`./explain-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

export interface MaximizeOptions extends Pick<JobOptions, 'signal' | 'onProgress'> {
  /** Number of the layer from 1, as in the summary; default: the last before the dense layers that has places. */
  readonly layer?: number;
  /** Numbers of the units (channels) from 0; default: the first 16. */
  readonly units?: readonly number[];
  /** Default 128. */
  readonly steps?: number;
  /** Seed of the noise that pictures begin as. Default 0. */
  readonly randomState?: number | null;
}

/**
 * Pictures that units of a layer respond to most: from grey noise, gradient ascent on the pixels (D. Erhan et al., 2009), held in range
 * and smooth by decay, shifts and blur.
 * @returns One picture for each unit.
 * @throws OptionError for a layer or unit that is not there, or a model with a backbone; DependencyError.
 */
export async function maximizeActivations(
  model: FittedImageClassifier,
  options: MaximizeOptions = {},
): Promise<Tile[]> {
  const state = model.state as ImageState;
  const { steps = 128, randomState = 0, signal, onProgress } = options;
  const layer = options.layer === undefined ? lastWithPlaces(model) : options.layer - 1;
  const given = model.summaryOfLayers[layer];
  if (given === undefined)
    throw new OptionError(
      'option/invalid',
      `There is no layer ${options.layer}; the network has ${model.summaryOfLayers.length}.`,
      { option: 'layer' },
    );
  const count = given.outputShape[0]!;
  const units = options.units ?? Array.from({ length: Math.min(16, count) }, (_, k) => k);
  const unfit = units.find((unit) => !Number.isInteger(unit) || unit < 0 || unit >= count);
  if (unfit !== undefined)
    throw new OptionError(
      'option/invalid',
      `Layer ${given.layer} has the units 0 … ${count - 1}, not ${unfit}.`,
      { option: 'units' },
    );
  const found = await runJob<MaximizePayload, Float32Array>({
    ...{ signal, onProgress, module: taskModule },
    name: 'maximizeTask' satisfies keyof typeof import('./explain-task.ts'),
    payload: { state, layer, units, steps, randomState },
  });
  const size = pictureLength(state.shape);
  return units.map((_, i) => ({ shape: state.shape, values: found.subarray(i * size, (i + 1) * size) }));
}

export interface GradCamOptions extends Pick<JobOptions, 'signal'> {
  /** The class that is explained; default: the most likely one. */
  readonly label?: string;
  /** Number of the layer from 1, as in the summary; default: the last before the dense layers that has places. */
  readonly layer?: number;
}

export interface Explanation {
  readonly label: string;
  readonly probability: number;
  /** How much each pixel counts for the class, [height, width] of the picture, 0 … 1. */
  readonly heat: Float32Array;
  /** The picture under colours from blue (nothing) to red (most). */
  readonly overlay: Tile;
}

/**
 * Where on a picture a class is seen (Grad-CAM, R. R. Selvaraju et al., ICCV 2017).
 * @param picture One flat picture: bytes, or numbers as rows of the model have.
 * @throws OptionError for a class or layer that is not there, or a model with a backbone; DependencyError.
 */
export async function gradCam(
  model: FittedImageClassifier,
  picture: Uint8Array | Float32Array | Float64Array,
  options: GradCamOptions = {},
): Promise<Explanation> {
  const state = model.state as ImageState;
  const numbers = Float32Array.from(picture, (value) =>
    picture instanceof Uint8Array ? value / 255 : value,
  );
  const probabilities = (await model.predictProba([numbers], { signal: options.signal })).row(0);
  const target =
    options.label === undefined
      ? probabilities.indexOf(Math.max(...probabilities))
      : model.classes.indexOf(options.label);
  if (target < 0)
    throw new OptionError(
      'option/invalid',
      `'${options.label}' is not among the classes ${model.classes.join(', ')}.`,
      { option: 'label' },
    );
  const layer = options.layer === undefined ? lastWithPlaces(model) : options.layer - 1;
  if (model.summaryOfLayers[layer]?.outputShape.length !== 3)
    throw new OptionError(
      'option/invalid',
      `Layer ${options.layer} has no places to colour. Name a convolution, activation or pooling.`,
      { option: 'layer' },
    );
  const found = await runJob<GradCamPayload, GradCamResult>({
    ...{ signal: options.signal, module: taskModule },
    name: 'gradCamTask' satisfies keyof typeof import('./explain-task.ts'),
    payload: { state, picture: numbers, target, layer },
  });
  const heat = enlarged(found, state.shape);
  return {
    label: model.classes[target]!,
    probability: probabilities[target]!,
    heat,
    overlay: { shape: [3, state.shape[1], state.shape[2]], values: overlaid(numbers, heat, state.shape) },
  };
}

/** The last activation that has places, before pooling where one follows. */
function lastWithPlaces(model: FittedImageClassifier): number {
  const { network } = model.state as ImageState;
  const at = model.summaryOfLayers.findLastIndex(
    ({ outputShape }, i) => outputShape.length === 3 && network.layers[i]!.kind === 'activation',
  );
  if (at >= 0) return at;
  throw new OptionError(
    'model/no-explanation',
    `The network has no layer with places: ${network.layers.map((_, i) => layerName(network as Network, i)).join(', ')}.`,
  );
}

/** To the size of the picture by bilinear interpolation, pixels being areas. */
function enlarged(
  { heat, height: h, width: w }: GradCamResult,
  [, height, width]: PictureShape,
): Float32Array {
  const out = new Float32Array(height * width);
  const place = (at: number, from: number, to: number) =>
    Math.min(to - 1, Math.max(0, ((at + 0.5) * to) / from - 0.5));
  for (let y = 0; y < height; y++) {
    const row = place(y, height, h);
    const [top, v] = [Math.floor(row), row % 1];
    for (let x = 0; x < width; x++) {
      const column = place(x, width, w);
      const [left, u] = [Math.floor(column), column % 1];
      const at = (r: number, c: number) => heat[Math.min(h - 1, r) * w + Math.min(w - 1, c)]!;
      const upper = at(top, left) * (1 - u) + at(top, left + 1) * u;
      const lower = at(top + 1, left) * (1 - u) + at(top + 1, left + 1) * u;
      out[y * width + x] = upper * (1 - v) + lower * v;
    }
  }
  return out;
}

/** Half the picture in greys, half the colour of the heat: blue, green, yellow, red. */
function overlaid(
  picture: Float32Array,
  heat: Float32Array,
  [channels, height, width]: PictureShape,
): Float32Array {
  const plane = height * width;
  const out = new Float32Array(3 * plane);
  for (let p = 0; p < plane; p++) {
    let grey = 0;
    for (let c = 0; c < channels; c++) grey += picture[c * plane + p]! / channels;
    const t = heat[p]!;
    const colour = [4 * t - 1.5, 2 - Math.abs(4 * t - 2), 2.5 - 4 * t];
    for (let c = 0; c < 3; c++)
      out[c * plane + p] = 0.5 * Math.min(1, Math.max(0, grey)) + 0.5 * Math.min(1, Math.max(0, colour[c]!));
  }
  return out;
}
