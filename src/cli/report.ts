import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { buildReport } from '../select/report/render-report.ts';
import { readRun } from '../select/run/run-folder.ts';
import { defineCommand } from './command.ts';
import { onOff, text } from './flags.ts';
import { printLine } from './io.ts';
import { jsonText } from './json-text.ts';
import { requireWritable } from './output-path.ts';

export const report = defineCommand({
  name: 'report',
  parameters: ['RUN'],
  summary: 'Writes a run as one page: verdict, figures, curves, importances, leaderboard, data, settings.',
  flags: {
    out: text('FILE', 'The page; by default report.html in the folder of the run'),
    json: onOff('Print one object for programs'),
  },
  notes: [
    'RUN is a folder that `heddle train --run RUN` wrote. The page is a single HTML file without scripts that asks for nothing: ' +
      'it can be sent, archived and printed.',
  ],
  examples: ['heddle report runs/houses', 'heddle report runs/houses --out houses.html'],
  async run([folder], flags, io) {
    const run = await readRun(folder!);
    const path = flags.out ?? join(folder!, 'report.html');
    await requireWritable(path);
    const { html, sections } = await buildReport(run);
    await writeFileAtomic(path, html);
    printLine(io.stdout, flags.json ? jsonText({ report: path, sections }) : path);
  },
});
