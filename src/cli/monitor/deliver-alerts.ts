import type { Alert, AlertTarget } from '../../monitor/alert/send-alert.ts';
import { appendAlert, postAlert } from '../../monitor/alert/send-alert.ts';
import { type Io, printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';

/**
 * Sends every alert to every target. One that cannot be delivered is told on stderr and does not keep the others from theirs.
 * @returns how many were not delivered.
 * @throws AbortError
 */
export async function deliverAlerts(
  alerts: readonly Alert[],
  targets: readonly AlertTarget[],
  io: Io,
): Promise<number> {
  let failed = 0;
  for (const alert of alerts) {
    for (const target of targets) {
      try {
        if (target.kind === 'stdout') printLine(io.stdout, jsonText(alert));
        else if (target.kind === 'file') await appendAlert(alert, target.path);
        else await postAlert(alert, target.url, { signal: io.signal });
      } catch (error) {
        if (io.signal?.aborted) throw error;
        failed++;
        printLine(io.stderr, `heddle: ${(error as Error).message}`);
      }
    }
  }
  return failed;
}
