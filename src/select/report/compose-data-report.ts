import { heddleVersion } from '../../core/version.ts';
import { dataSection } from './data-section.ts';
import { html } from './html.ts';
import { clip, counted, percentText } from './number-words.ts';
import { page } from './page.ts';
import type { DataReportFacts } from './render-data-report.ts';
import type { Report } from './report.ts';
import { nameHtml } from './section.ts';

export async function composeDataReport(facts: DataReportFacts): Promise<Report> {
  const { source, profile, roles, target, problem, classCounts, warnings = [] } = facts;
  const bars =
    classCounts &&
    [...classCounts].map(([label, value]) => ({ label, value })).sort((a, b) => b.value - a.value);
  const section = await dataSection({
    ...{ profile, roles, target, warnings },
    classCounts: bars && { bars, over: 'Numbers taken as classes.' },
  });
  const cells = profile.rows * profile.columns.length;
  const missing =
    profile.missing === 0
      ? 'nothing is missing'
      : `${percentText(profile.missing, cells)} of the cells are missing`;
  const duplicates =
    profile.duplicateRows === 0
      ? 'no row repeats another'
      : `${counted(profile.duplicateRows, 'row')} repeat others`;
  const header = html`<header>
<p class="brand">heddle profile</p>
<h1>${nameHtml(source, 80)}</h1>
<p class="verdict"><strong>${counted(profile.rows, 'row')}</strong> of <strong>${counted(profile.columns.length, 'column')}</strong>; ${missing}, ${duplicates}.${
    problem !== undefined &&
    html` Predicting ${nameHtml(target!)} is a <strong>${problem.problem}</strong>: ${clip(problem.reason, 200)}.`
  }</p>
</header>`;
  const markup = page({
    title: clip(source, 80),
    header,
    sections: [section],
    footer: html`heddle ${heddleVersion()}`,
  });
  const { id, title, state } = section;
  return { html: markup, sections: [{ id, title, state }] };
}
