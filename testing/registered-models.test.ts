import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findModel, modelNames } from '../src/models/registry.ts';
import type { CheckOptions } from './check-model.ts';
import { registerChecks } from './register-checks.ts';

const penalised =
  'the penalty is weighed against the sum of the losses, which grows with the weights, as in scikit-learn';

/** How each registered model is checked where the defaults do not suit it, and all exceptions, each with its reason. */
const how: Readonly<Record<string, CheckOptions>> = {
  'date-parts': { columns: 'dates' },
  'elastic-net': {
    options: [{}, { alpha: 0.1, l1Ratio: 0.9, fitIntercept: false }, { selection: 'random' }],
  },
  lasso: { options: [{}, { alpha: 0.1, positive: true }, { selection: 'random', randomState: 3 }] },
  'linear-regression': { options: [{}, { fitIntercept: false }, { positive: true }] },
  'logistic-regression': {
    // Fits that agree in exact arithmetic meet only where the solver has converged.
    options: [
      { tol: 1e-10, maxIter: 1000 },
      { tol: 1e-10, maxIter: 1000, solver: 'lbfgs', C: 0.1 },
      { tol: 1e-10, maxIter: 1000, classWeight: 'balanced', fitIntercept: false },
    ],
    exceptions: { 'weights-in-any-unit': penalised },
  },
  ridge: {
    options: [{}, { alpha: 10, fitIntercept: false }],
    exceptions: { 'weights-in-any-unit': penalised },
  },
};

test('only registered models are listed here', () => {
  assert.deepEqual(
    Object.keys(how).filter((name) => !modelNames().includes(name)),
    [],
  );
});

for (const name of modelNames()) registerChecks((await findModel(name))!, how[name]);
