import { DataError } from '../../core/errors.ts';
import { checkState } from '../../define/check-state.ts';
import type { StateShape } from '../../define/definition.ts';
import type { PipelineState } from './run-steps.ts';
import type { PipelineOptions } from './steps.ts';

/**
 * Refuses a state that cannot be of these steps. Only the columns of the first step and of a last one that predicts are known; in between
 * nothing is checked.
 * @throws DataError naming the step
 */
export function checkStepStates(state: PipelineState, shape: StateShape, { steps }: PipelineOptions): void {
  const { steps: states, featureNamesOut } = state;
  if (!Array.isArray(states) || states.length !== steps.length || !Array.isArray(featureNamesOut)) {
    throw new DataError(
      'model/unfit-state',
      `It has ${steps.length} steps, but states of ${states?.length ?? 'none'}.`,
      { steps: steps.length },
    );
  }
  for (const [i, [name, step]] of steps.entries()) {
    const isLast = i === steps.length - 1;
    if (i > 0 && (!isLast || step.kind === 'transformer')) continue;
    const columns = i === 0 ? shape.columns : featureNamesOut.length;
    try {
      checkState(step, states[i]!, { columns, outputs: isLast ? shape.outputs : 0 });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      throw new DataError(error.code, `Step '${name}': ${error.message}`, { ...error.details, step: name });
    }
  }
}
