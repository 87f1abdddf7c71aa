/** A search that says when a trial has ended, to be killed. Arguments: path of the study, number of trials. */

import { moody } from '../moody.fixture.ts';
import { bayesSearch } from '../search/bayes-search.ts';

const [path, trials] = process.argv.slice(2);
const rows = Array.from({ length: 30 }, (_, i) => [i]);
const { bestTrial, trials: all } = await bayesSearch(
  moody({ milliseconds: 4 }),
  rows,
  rows.map(([i]) => Math.sin(i)),
  {
    ...{ nTrials: Number(trials), cv: 3, scoring: 'mae', refit: false },
    study: { path, name: 'killed' },
    onTrial: ({ number }) => process.stdout.write(`trial ${number}\n`),
  },
);
// Times differ from run to run.
const { seconds, cpuSeconds, ...best } = bestTrial;
process.stdout.write(`${JSON.stringify({ best, states: all.map(({ state }) => state).join() })}\n`);
