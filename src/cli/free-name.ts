import type { Frame } from '../core/frame.ts';

/** `name`, or with a number behind where the table has such a column. */
export function freeName(table: Frame, name: string): string {
  let free = name;
  for (let n = 1; table.has(free); n++) free = `${name}.${n}`;
  return free;
}
