import type { Progress } from '../jobs/job.ts';
import { displayWidth } from '../metrics/text-table.ts';
import type { Sink } from './io.ts';

const FRAME_MS = 100;

/** One line on a terminal, rewritten as the work goes on and wiped at the end; silent elsewhere. */
export interface ProgressLine {
  /** Shows how far `task` is, with the time left once that can be told. */
  show(task: string, progress: Progress): void;
  wipe(): void;
}

export function progressLine(sink: Sink, now: () => number = () => performance.now()): ProgressLine {
  if (sink.isTTY !== true) return { show() {}, wipe() {} };
  let task = '';
  let start = 0;
  let drawn = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(current, { fraction, message }) {
      const time = now();
      if (current !== task) {
        task = current;
        start = time;
      } else if (time - drawn < FRAME_MS) return;
      drawn = time;
      const seconds = (time - start) / 1000;
      // An estimate from less than a second or 2% of the work would jump about.
      const left =
        seconds > 1 && fraction > 0.02 ? `, ${duration((seconds / fraction) * (1 - fraction))} left` : '';
      const line = `${task} ${Math.floor(fraction * 100)}%${left}${message === undefined ? '' : `  ${message}`}`;
      sink.write(`\r\x1b[K${cut(line, (sink.columns ?? 80) - 1)}`);
      isShown = true;
    },
    wipe() {
      if (isShown) sink.write('\r\x1b[K');
      isShown = false;
    },
  };
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function cut(line: string, width: number): string {
  let end = line.length;
  while (displayWidth(line.slice(0, end)) > width) end--;
  return line.slice(0, end);
}
