import type { TableProfile } from '../../data/profile/profile-table.ts';
import type { ColumnRole } from '../column-role.ts';
import type { InferredProblem } from '../problem.ts';
import type { Report } from './report.ts';

/** A table at a glance. */
export interface DataReportFacts {
  /** Where the table came from. */
  readonly source: string;
  readonly profile: TableProfile;
  /** What training would make of the columns. */
  readonly roles: readonly ColumnRole[];
  readonly target?: string | undefined;
  readonly problem?: InferredProblem | undefined;
  /** Rows of each class, for a target of numbers that are classes. */
  readonly classCounts?: ReadonlyMap<string, number> | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** The data section of a report for a table that nothing was trained on; one HTML file like {@link renderReport}'s. */
export async function renderDataReport(facts: DataReportFacts): Promise<string> {
  return (await buildDataReport(facts)).html;
}

export async function buildDataReport(facts: DataReportFacts): Promise<Report> {
  const { composeDataReport } = await import('./compose-data-report.ts');
  return composeDataReport(facts);
}
