import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from './main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was printed, as the one object that `--json` promises. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at fields they know
  readonly json: any;
}

/** Runs the command in this process with streams that are no terminals. */
export async function heddle(...argv: string[]): Promise<Ran> {
  return heddleWith({}, ...argv);
}

export async function heddleWith(
  { isTerminal, signal }: { readonly isTerminal?: boolean; readonly signal?: AbortSignal },
  ...argv: string[]
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    isTTY: isTerminal,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(argv, { stdout: sink('stdout'), stderr: sink('stderr'), signal });
  return {
    code,
    ...written,
    get json() {
      return JSON.parse(written.stdout);
    },
  };
}

/** A folder of one test, with a function that writes a file into it and returns its path. */
export function folderOf(t: TestContext): {
  readonly path: (name: string) => string;
  file(name: string, content: string | Uint8Array): string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    file(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}

/** CSV of columns by name. */
export function csv(columns: Readonly<Record<string, readonly unknown[]>>): string {
  const names = Object.keys(columns);
  const rows = Object.values(columns)[0]!.map((_, i) =>
    names.map((name) => String(columns[name]![i] ?? '')).join(','),
  );
  return `${[names.join(','), ...rows].join('\n')}\n`;
}

export const houses = '面积,卧室数量,地理位置,售价\n100,2,1,300\n150,3,2,450\n120,2,2,350\n80,1,1,220\n';
