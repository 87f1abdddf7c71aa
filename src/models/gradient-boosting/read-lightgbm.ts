import { readFile } from 'node:fs/promises';
import { FileError } from '../../core/errors.ts';
import { fileErrorFrom } from '../../core/file-error.ts';
import type { Label } from '../../core/labels.ts';
import type { InputSchema } from '../../define/schema.ts';
import { runJob } from '../../jobs/pool.ts';
import type { Trees } from '../../math/trees/trees.ts';
import type { LightgbmPayload } from './lightgbm-task.ts';
import { type LightgbmText, parseLightgbm } from './lightgbm-text.ts';
import { type ForeignBooster, type ForeignKind, restoreForeign } from './restore-foreign.ts';

export interface ReadLightgbmOptions {
  /** What LightGBM's classes 0, 1, … are called, in that order. Default: these numbers. */
  readonly classes?: readonly Label[] | undefined;
}

export type LightgbmModel = ForeignBooster;

const taskModule = new URL(
  `./lightgbm-task.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
  import.meta.url,
).href;
const taskName = 'lightgbmTask' satisfies keyof typeof import('./lightgbm-task.ts');
/** Characters that are read in some milliseconds. */
const INLINE_LENGTH = 1 << 17;

const values = (link: 'identity' | 'log'): ForeignKind => ({ problem: 'values', link });
const classes: ForeignKind = { problem: 'classes' };

/** By the objective's name; what ranks is read as a regressor of its score. */
const kinds: Readonly<Record<string, ForeignKind>> = {
  ...{ binary: classes, multiclass: classes },
  ...{ regression: values('identity'), regression_l1: values('identity'), huber: values('identity') },
  ...{ fair: values('identity'), quantile: values('identity'), mape: values('identity') },
  ...{ lambdarank: values('identity'), rank_xendcg: values('identity') },
  ...{ poisson: values('log'), gamma: values('log'), tweedie: values('log') },
};

/**
 * A model that LightGBM saved as text (`booster.save_model`), as a fitted gradient boosting that predicts the same, to rounding:
 * it saves, serves, explains and exports like any other.
 * @param file Its path.
 * @throws FileError for a file that cannot be read, is no such model or damaged, or holds what heddle's trees do not know (linear
 *   leaves, zeros taken for missing values, one-vs-all objectives); OptionError for classes of another number.
 */
export async function readLightgbm(
  file: string,
  { classes: labels }: ReadLightgbmOptions = {},
): Promise<LightgbmModel> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileErrorFrom(error, file, 'read');
  });
  const parsed =
    text.length < INLINE_LENGTH
      ? parseLightgbm(text, file)
      : await runJob<LightgbmPayload, LightgbmText>({
          ...{ module: taskModule, name: taskName, payload: { text, file } },
        });
  const kind = kindOf(parsed, file);
  return restoreForeign({
    ...{ kind, labels, reader: 'readLightgbm', trees: scaled(parsed, file), schema: schemaOf(parsed) },
    ...{ categories: parsed.categories, baseline: new Float64Array(parsed.outputs) },
    options: kind.problem === 'classes' ? {} : lossOptions(parsed),
  });
}

/** Columns of texts have a kind, so that they are asked for as such. */
function schemaOf({ columns, names, categories }: LightgbmText): InputSchema {
  const texts = categories.filter(({ kind }) => kind === 'string');
  if (texts.length === 0) return { columns, ...(names !== undefined && { names }) };
  const kinds = Array.from({ length: columns }, (_, j) =>
    texts.some(({ column }) => column === j) ? ('string' as const) : ('number' as const),
  );
  return { columns, names: names ?? kinds.map((_, j) => `Column_${j}`), kinds };
}

function kindOf({ objective, outputs }: LightgbmText, file: string): ForeignKind {
  const [name, ...parameters] = objective;
  const kind =
    name === undefined || name === 'none' || name === 'custom'
      ? values('identity')
      : Object.hasOwn(kinds, name)
        ? kinds[name]
        : undefined;
  const isClasses = kind?.problem === 'classes';
  if (kind !== undefined && !parameters.includes('sqrt') && (isClasses || outputs === 1)) {
    if (name === 'multiclass' ? outputs > 1 : outputs === 1) return kind;
  }
  throw new FileError(
    'file/unsupported',
    `'${file}' has the objective '${objective.join(' ')}' with ${outputs} trees an iteration, which heddle does not know. ` +
      `Known are ${Object.keys(kinds).join(', ')}.`,
    { file },
  );
}

/** Trees whose sum goes into e^x, the logistic function or the softmax as it is. */
function scaled({ trees, outputs, isMean, objective }: LightgbmText, file: string): Trees {
  const sigmoid = Number(parameter(objective, 'sigmoid') ?? 1);
  if (!(sigmoid > 0 && sigmoid < Number.POSITIVE_INFINITY))
    throw new FileError('file/damaged', `'${file}' is damaged: sigmoid must be a number above 0.`, { file });
  const iterations = Math.max(1, trees.roots.length / outputs);
  const factor = (objective[0] === 'binary' ? sigmoid : 1) / (isMean ? iterations : 1);
  return factor === 1 ? trees : { ...trees, values: trees.values.map((value) => value * factor) };
}

function parameter(objective: readonly string[], name: string): string | undefined {
  return objective.find((part) => part.startsWith(`${name}:`))?.slice(name.length + 1);
}

/** The loss as heddle calls it, for those who read the options or train on. */
function lossOptions({ objective }: LightgbmText): object {
  const quantile = Number(parameter(objective, 'alpha'));
  const power = Number(parameter(objective, 'tweedie_variance_power'));
  switch (objective[0]) {
    case 'regression_l1':
      return { loss: 'absoluteError' };
    case 'huber':
    case 'poisson':
    case 'gamma':
      return { loss: objective[0] };
    case 'quantile':
      return { loss: 'quantile', ...(quantile > 0 && quantile < 1 && { quantile }) };
    case 'tweedie':
      return { loss: 'tweedie', ...(power > 1 && power < 2 && { power }) };
    default:
      return {};
  }
}
