import type { FittedModel, FittedParts, TargetSchema } from '../../define/fitted.ts';
import { schemaOf } from '../../define/schema.ts';
import type { Specification } from '../../define/specification.ts';
import type { FoldOutcome } from './fold-runner.ts';
import type { LabelledRows } from './labelled-rows.ts';

interface Restorable {
  restore(parts: Omit<FittedParts, 'specification'>): FittedModel;
}

/** The model that was fitted in a fold, from its state; undefined when the fit failed. */
export function foldModel(
  specification: Specification,
  data: LabelledRows,
  rows: number,
  { state, classPlaces, fitSeconds }: FoldOutcome,
): FittedModel | undefined {
  if (state === undefined) return undefined;
  return (specification as unknown as Restorable).restore({
    schema: schemaOf(data.x),
    target: targetOf(data, classPlaces),
    state,
    summary: { rows, seconds: fitSeconds, warnings: [] },
  });
}

function targetOf(
  { classes: all, positiveClass, targets, several }: LabelledRows,
  places?: Int32Array,
): TargetSchema {
  if (all === undefined) return { kind: 'values', targets, several };
  const classes = Array.from(places!, (place) => all[place]);
  const positive =
    positiveClass !== undefined && classes.includes(positiveClass) ? positiveClass : classes[1];
  return { kind: 'classes', classes, positiveClass: classes.length === 2 ? positive : null };
}
