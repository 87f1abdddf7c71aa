import { OptionError, suggestion } from '../../core/errors.ts';
import { groupKFold } from './group-k-fold.ts';
import { groupShuffleSplit } from './group-shuffle-split.ts';
import { groupTimeSeriesSplit } from './group-time-series-split.ts';
import { kFold, repeatedKFold } from './k-fold.ts';
import { leaveOneGroupOut, leaveOneOut } from './leave-one-out.ts';
import { predefinedSplit } from './predefined-split.ts';
import { shuffleSplit } from './shuffle-split.ts';
import type { Splitter } from './splitter.ts';
import { stratifiedGroupKFold } from './stratified-group-k-fold.ts';
import { repeatedStratifiedKFold, stratifiedKFold } from './stratified-k-fold.ts';
import { stratifiedShuffleSplit } from './stratified-shuffle-split.ts';
import { timeSeriesSplit } from './time-series-split.ts';

const splitters: Readonly<Record<string, (options: never) => Splitter<object>>> = {
  groupKFold,
  groupShuffleSplit,
  groupTimeSeriesSplit,
  kFold,
  leaveOneGroupOut,
  leaveOneOut,
  predefinedSplit,
  repeatedKFold,
  repeatedStratifiedKFold,
  shuffleSplit,
  stratifiedGroupKFold,
  stratifiedKFold,
  stratifiedShuffleSplit,
  timeSeriesSplit,
};

/**
 * The splitter that `{ name, options }` describes, e.g. one that went through JSON.
 * @throws OptionError for an unknown name (with the nearest) or options that the splitter refuses.
 */
export function splitterFrom(json: { readonly name: string; readonly options?: unknown }): Splitter<object> {
  if (!Object.hasOwn(splitters, json.name)) {
    const names = Object.keys(splitters);
    throw new OptionError(
      'option/unknown-splitter',
      `There is no splitter '${json.name}'.${suggestion(json.name, names)} They are ${names.join(', ')}.`,
      { name: json.name, names },
    );
  }
  return splitters[json.name]!((json.options ?? {}) as never);
}
