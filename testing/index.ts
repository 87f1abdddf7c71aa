/** `heddle/testing`: the common checks that every model of heddle passes, for models of your own. */
export {
  type CheckOptions,
  type CheckResult,
  checkModel,
  checksFor,
  type ModelCheck,
} from './check-model.ts';
export { type CheckName, checks } from './checks.ts';
export { type PolicyCheckName, type PolicySubject, policyChecks } from './policies/policy-checks.ts';
export { type PolicyCheckOptions, registerPolicyChecks } from './policies/register-policy-checks.ts';
export { registerChecks } from './register-checks.ts';
