import type { ColumnRole } from '../column-role.ts';
import { allFamilies, type Family, findFamily, isTrainable, memberFor } from '../family.ts';
import { type PredictorSpecification, requireMember, specify } from '../model-choice.ts';
import { prepareColumns } from '../prepare-table.ts';
import type { Problem } from '../problem.ts';
import { listOptions, withOptions } from '../search/option-paths.ts';
import { resolveSpaces, type Spaces } from '../search/search-spaces.ts';

/** A model that may be chosen, with the preparation that it needs. */
export interface Candidate {
  readonly family: string;
  /** Without preparation, with its defaults. */
  readonly model: PredictorSpecification;
  /** The same with its preparation in front. */
  readonly prepared: PredictorSpecification;
  /** Where its options are searched, by their paths in `prepared`; empty when there is nothing to tune. */
  readonly spaces: Spaces;
}

/** One that was not compared, and why. */
export interface Skipped {
  readonly family: string;
  readonly note: string;
}

export interface Proposal {
  /** The quickest first: readable ones, and of these such as say that their fit costs little. */
  readonly candidates: readonly Candidate[];
  readonly baselines: readonly Candidate[];
  readonly skipped: readonly Skipped[];
}

/** What the candidates must suit. */
export interface ChoiceFacts {
  readonly problem: Problem;
  readonly problemReason: string;
  /** Rows that the choice trains on at most. */
  readonly rows: number;
  /** All rows that the chosen model is fitted on. */
  readonly trainRows: number;
  readonly isWeighted: boolean;
  readonly columns: readonly ColumnRole[];
  readonly seed: number;
}

/**
 * The models of the registry that do the problem, by what their definitions say: those for so many rows, with weights where
 * there are any; baselines apart. Each gets the preparation that it needs.
 * @param wanted Families; default: all.
 * @throws OptionError for an unknown family or one that does not do the problem.
 */
export async function proposeCandidates(
  facts: ChoiceFacts,
  wanted: readonly string[] | undefined,
): Promise<Proposal> {
  const all = (await allFamilies()).filter(
    (family) => isTrainable(family) && memberFor(family, facts.problem) !== undefined,
  );
  const definitionOf = (family: Family) => memberFor(family, facts.problem)!.definition;
  const isBaseline = (family: Family) => definitionOf(family).baseline === true;
  const asked = await Promise.all([...new Set(wanted)].map(findFamily));
  for (const family of asked) await requireMember(family, facts.problem, facts.problemReason);
  const isOffered = (family: Family) => {
    const { selfTuning, chosen } = definitionOf(family);
    return !isBaseline(family) && selfTuning !== true && chosen !== 'by-name';
  };
  const families = wanted === undefined ? all.filter(isOffered) : asked;
  const unfit = new Map(families.map((family) => [family, unfitness(family, facts)]));
  const byCost = (a: Candidate, b: Candidate) =>
    Number(isReadable(b)) - Number(isReadable(a)) || expectedCost(a, facts) - expectedCost(b, facts) || 0;
  return {
    candidates: families
      .filter((family) => unfit.get(family) === undefined)
      .map((family) => candidateOf(family, facts))
      .sort(byCost),
    baselines: all.filter(isBaseline).map((family) => candidateOf(family, facts)),
    skipped: families.flatMap((family) => {
      const note = unfit.get(family);
      return note === undefined ? [] : [{ family: family.name, note }];
    }),
  };
}

function isReadable({ model }: Candidate): boolean {
  return model.definition.readable === true;
}

/** Those of which it is not known come last. */
function expectedCost({ model }: Candidate, { rows, columns }: ChoiceFacts): number {
  return model.definition.fitOperations?.(rows, columns.length) ?? Number.MAX_VALUE;
}

function unfitness(family: Family, facts: ChoiceFacts): string | undefined {
  const { mostRows, weighted } = memberFor(family, facts.problem)!.definition;
  if (mostRows !== undefined && facts.trainRows > mostRows) {
    return `too slow for more than ${mostRows} rows`;
  }
  return facts.isWeighted && weighted === false ? 'takes no weights' : undefined;
}

function candidateOf({ name, members }: Family, { problem, columns, rows, seed }: ChoiceFacts): Candidate {
  const member = memberFor({ name, members }, problem)!;
  const model = specify(member, { modelOptions: {}, modelOptionTexts: {}, seed });
  // A baseline looks at no column, so none needs preparation.
  const prepared =
    model.definition.baseline === true ? model : prepareColumns(columns, rows, model).specification;
  const paths = listOptions(prepared)
    .filter(({ owner, search }) => owner.name === model.name && search !== undefined)
    .map(({ path }) => path);
  return { family: name, model, prepared, spaces: paths.length === 0 ? {} : resolveSpaces(prepared, paths) };
}

/** The model without its preparation, with option values that a search gave by their paths in `prepared`. */
export function modelWith(
  { model }: Candidate,
  values: Readonly<Record<string, unknown>>,
): PredictorSpecification {
  return withOptions(
    model,
    Object.fromEntries(
      Object.entries(values).map(([path, value]) => [path.slice(path.lastIndexOf('.') + 1), value]),
    ),
  );
}
