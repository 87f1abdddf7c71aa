import { OptionError } from '../../core/errors.ts';
import type { Environment } from '../../environments/environment.ts';
import type { ActionHead } from './action-head.ts';
import { choiceHead } from './choice-head.ts';
import { numberHead } from './number-head.ts';
import type { PolicyGradientOptions } from './policy-gradient-options.ts';

/** The distribution that suits the actions of an environment. @throws OptionError for actions that none does. */
export function headOf(
  { actionSpace, name = 'the environment' }: Environment,
  { squashOutput, logStdInit }: PolicyGradientOptions,
  logStd: () => Float32Array,
): ActionHead {
  if (actionSpace.kind === 'discrete') return choiceHead(actionSpace);
  if (actionSpace.kind !== 'box') {
    throw new OptionError('model/unfit-actions', `Policy gradient cannot take the actions of ${name}.`, {});
  }
  const isBounded = [...actionSpace.low, ...actionSpace.high].every(Number.isFinite);
  if (squashOutput && !isBounded) {
    throw new OptionError(
      'model/unfit-actions',
      `squashOutput brings actions between their bounds, but those of ${name} have none.`,
      { option: 'squashOutput' },
    );
  }
  return numberHead(actionSpace, { isSquashed: squashOutput, logStdInit, logStd });
}
