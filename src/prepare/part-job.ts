import type { Job } from '../jobs/job.ts';

/** `job` for part `index` of `count`: its progress is the part's share of the whole. */
export function partJob(job: Job, index: number, count: number, name: string): Job {
  return Object.create(job, {
    progress: {
      value: (fraction: number, message?: string) =>
        job.progress((index + fraction) / count, message === undefined ? name : `${name}: ${message}`),
    },
  }) as Job;
}
