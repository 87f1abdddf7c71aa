/** Texts read by the kernels and by their oracle, for tests. */
import type { Cell, Frame } from '../../../core/frame.ts';
import type { Job } from '../../../jobs/job.ts';
import { Team } from '../../../kernels/host/team.ts';
import { type PlainDialect, plainCsv } from '../../../kernels/plain/csv.ts';
import { csvRequest } from '../read-csv.ts';
import { frameOf } from './frame-of.ts';
import { type CsvOptions, csvOptions } from './options.ts';
import { parseCsv } from './parse-csv.ts';

/** Teams of 1, 2 and 3 threads. */
export const teams = [1, 2, 3].map((threads) => new Team(threads));
export async function closeTeams(): Promise<void> {
  await Promise.all(teams.map((team) => team.close()));
}

function jobOf(team: Team): Job {
  return {
    threads: team.threads,
    team,
    checkpoint() {},
    progress() {},
    warn() {},
    call: () => Promise.reject(new Error('no functions')),
  };
}

/** Reads a text in chunks so small that records, quotes and characters straddle their borders. */
export async function parse(
  text: string | Uint8Array,
  team: Team,
  chunkBytes: number,
  options: CsvOptions = {},
): Promise<Frame> {
  const encoded = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const bytes = new Uint8Array(new SharedArrayBuffer(encoded.length));
  bytes.set(encoded);
  const request = csvRequest([{ name: 'the text', bytes }], csvOptions.parse(options), chunkBytes);
  return frameOf(await parseCsv(request, jobOf(team)));
}

export const dialect: PlainDialect = {
  ...csvOptions.parse({}),
  delimiter: ',',
};

/** The table as the oracle reads it. */
export function plainTable(text: string, used: PlainDialect = dialect) {
  return plainCsv(text, used).map(({ name, kind, cells }) => ({
    name,
    kind,
    cells,
  }));
}

export function tableOf(frame: Frame) {
  return frame.entries().map(([name, column]) => ({
    name,
    kind: column.kind,
    cells: Array.from({ length: frame.rows }, (_, i): Cell => {
      const cell = frame.cell(name, i);
      // Fractions of a millisecond would be lost in a Date.
      return cell instanceof Date && column.kind === 'date' ? column.values[i]! : cell;
    }),
  }));
}
