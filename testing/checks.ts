import type { Check } from './check.ts';
import { attributeChecks } from './checks/attributes.ts';
import { classChecks } from './checks/classes.ts';
import { clusterChecks } from './checks/clusters.ts';
import { columnNameChecks } from './checks/column-names.ts';
import { definitionChecks } from './checks/definition.ts';
import { degenerateDataChecks } from './checks/degenerate-data.ts';
import { determinismChecks } from './checks/determinism.ts';
import { fitOptionChecks } from './checks/fit-options.ts';
import { independenceChecks } from './checks/independence.ts';
import { inputFormChecks } from './checks/input-forms.ts';
import { jobChecks } from './checks/jobs.ts';
import { learningChecks } from './checks/learning.ts';
import { onnxChecks } from './checks/onnx.ts';
import { optionChecks } from './checks/options.ts';
import { pipelineChecks } from './checks/pipelines.ts';
import { recordChecks } from './checks/records.ts';
import { rowChecks } from './checks/rows.ts';
import { shapeChecks } from './checks/shapes.ts';
import { transformChecks } from './checks/transforms.ts';
import { unfitCellChecks } from './checks/unfit-cells.ts';
import { weightChecks } from './checks/weights.ts';

const table = {
  ...definitionChecks,
  ...optionChecks,
  ...inputFormChecks,
  ...shapeChecks,
  ...columnNameChecks,
  ...unfitCellChecks,
  ...degenerateDataChecks,
  ...fitOptionChecks,
  ...classChecks,
  ...learningChecks,
  ...rowChecks,
  ...weightChecks,
  ...transformChecks,
  ...clusterChecks,
  ...determinismChecks,
  ...independenceChecks,
  ...recordChecks,
  ...attributeChecks,
  ...pipelineChecks,
  ...jobChecks,
  ...onnxChecks,
};

/** Name of a common check, e.g. `weights-repeat-rows`. */
export type CheckName = keyof typeof table;

/** All common checks by name. */
export const checks: Readonly<Record<CheckName, Check>> = table;
