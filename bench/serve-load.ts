/** One load by autocannon, as a process of its own: `node serve-load.ts '{"url":…,"bodies":[…],"connections":64,"seconds":8}'`. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface LoadRequest {
  readonly url: string;
  /** A file with one JSON body a line, sent in turn. */
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
}

type Autocannon = (options: object) => Promise<{
  readonly requests: { readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  readonly errors: number;
  readonly timeouts: number;
}>;

const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;
const { url, bodies, connections, seconds } = JSON.parse(process.argv[2]!) as LoadRequest;
const headers = { 'content-type': 'application/json' };
const requests = readFileSync(bodies, 'utf8')
  .trimEnd()
  .split('\n')
  .map((body) => ({ method: 'POST', body, headers }));
const done = await autocannon({ url, connections, duration: seconds, requests });
const result: LoadResult = {
  requestsPerSecond: done.requests.average,
  ...{ p50: done.latency.p50, p99: done.latency.p99 },
  statuses: Object.fromEntries(
    Object.entries(done.statusCodeStats).map(([status, { count }]) => [status, count]),
  ),
  errors: done.errors + done.timeouts,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
