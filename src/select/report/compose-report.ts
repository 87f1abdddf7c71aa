import type { RunRecord } from '../run/run-record.ts';
import { classView } from './class-view.ts';
import { confusionSection } from './confusion-section.ts';
import { dataSection } from './data-section.ts';
import { header } from './header.ts';
import { html } from './html.ts';
import { importancesSection } from './importances-section.ts';
import { leaderboardSection } from './leaderboard-section.ts';
import { learningCurveSection } from './learning-curve-section.ts';
import { metricsSection } from './metrics-section.ts';
import { clip, timeText } from './number-words.ts';
import { page } from './page.ts';
import { probabilitySection } from './probability-section.ts';
import { regressionSection } from './regression-section.ts';
import { repeatSection } from './repeat-section.ts';
import type { Report } from './report.ts';
import type { Section } from './section.ts';

/** Draws every section in turn and puts the page together. */
export async function composeReport(run: RunRecord): Promise<Report> {
  const sections: Section[] = [
    await metricsSection(run),
    ...(run.problem.kind === 'regression'
      ? [await regressionSection(run)]
      : [await confusionSection(run), await probabilitySection(run)]),
    await importancesSection(run),
    await leaderboardSection(run),
    await learningCurveSection(run),
    await dataSection(dataFacts(run)),
    repeatSection(run),
  ];
  const markup = page({
    title: `${clip(run.target, 60)}: ${clip(run.model.family, 40)}`,
    header: header(run),
    sections,
    footer: html`heddle ${run.versions.heddle} · run of ${timeText(run.startedAt)}`,
  });
  return { html: markup, sections: sections.map(({ id, title, state }) => ({ id, title, state })) };
}

function dataFacts(run: RunRecord): Parameters<typeof dataSection>[0] {
  const { weight, group, time } = run.repeat.options;
  const named = Object.fromEntries(
    [
      [weight, 'row weights'],
      [group, 'groups of the split'],
      [time, 'time of the split'],
    ].filter((pair): pair is [string, string] => pair[0] !== undefined),
  );
  const { profile, target, warnings } = run;
  return { profile, target, warnings, roles: run.columns, named, classCounts: classCounts(run) };
}

function classCounts(run: RunRecord): Parameters<typeof dataSection>[0]['classCounts'] {
  if (run.problem.kind !== 'classification' || run.classes === null) return undefined;
  const { names, support } = classView(run);
  const bars = names.map((label, i) => ({ label, value: support[i]! })).sort((a, b) => b.value - a.value);
  return { bars, over: 'Counted over the test rows.' };
}
