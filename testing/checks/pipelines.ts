import type { Specification } from '../../src/define/specification.ts';
import { minMaxScaler } from '../../src/prepare/min-max-scaler/min-max-scaler.ts';
import { pipeline } from '../../src/prepare/pipeline/pipeline.ts';
import type { CheckTable } from '../check.ts';
import { assertSame, outputsOf } from '../outputs.ts';
import type { Sample } from '../samples.ts';
import type { AnyFitted, AnySpecification, Subject } from '../subject.ts';
import { areNumbers } from '../traits.ts';

/** A model is the same as a step of a pipeline. */
export const pipelineChecks = {
  'alone-in-a-pipeline': {
    holds: 'as the only step of a pipeline it gives the same bits',
    async run(subject) {
      const sample = subject.sample();
      const expected = await outputsOf(await subject.fit(sample), sample.x);
      const model = await fitPipeline(subject, [], sample);
      assertSame(await outputsOf(model, sample.x), expected, 'in a pipeline');
    },
  },
  'last-in-a-pipeline': {
    holds: 'behind a scaler in a pipeline it gives the bits of a fit on what the scaler makes',
    when: (_, traits) => areNumbers(traits),
    async run(subject) {
      const { x, y } = subject.sample();
      const scaler = await minMaxScaler().fit(x);
      const scaled = await scaler.transform(x);
      const expected = await outputsOf(await subject.fit({ x: scaled, y }), scaled);
      const model = await fitPipeline(subject, [minMaxScaler()], { x, y });
      assertSame(await outputsOf(model, x), expected, 'behind a scaler');
    },
  },
} satisfies CheckTable;

function fitPipeline(
  { specification }: Subject,
  before: readonly Specification<'transformer'>[],
  { x, y }: Sample,
): Promise<AnyFitted> {
  const whole = pipeline(...before, specification as Specification) as unknown as AnySpecification;
  const quiet = { onWarning: () => {} };
  return whole.kind === 'clusterer' ? whole.fit(x, quiet) : whole.fit(x, y, quiet);
}
