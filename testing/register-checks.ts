import { test } from 'node:test';
import type { ModelFactory } from '../src/define/specification.ts';
import { type CheckOptions, checksFor } from './check-model.ts';

/**
 * Registers one test of `node:test` for each common check that fits a model. Call it at the top level of a test file.
 *
 *     registerChecks(nearestCentroid, { exceptions: { 'weights-in-any-unit': 'the prior counts rows' } });
 *
 * @throws OptionError for unfit `how`.
 */
export function registerChecks(factory: ModelFactory, how: CheckOptions = {}): void {
  for (const { sentence, run } of checksFor(factory, how)) test(sentence, run);
}
