import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Quality } from './workload.ts';

export interface Run {
  readonly seconds: number;
  readonly quality: Quality;
}

/** One side of a workload: called in turn with the other. */
export interface Side {
  run(): Promise<Run>;
  end(): void;
}

/** A process that measures itself, one run for every line it is sent. */
export async function startSide(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Side> {
  const child = spawn(command[0]!, command.slice(1), { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done) throw new Error(`${command.join(' ')} ended early.`);
    return JSON.parse(line.value) as Run;
  };
  await next();
  return {
    run() {
      child.stdin.write('run\n');
      return next();
    },
    end: () => void child.kill(),
  };
}

/** A command that is started anew for every run, its start included in the time. */
export function commandSide(command: readonly string[], env: NodeJS.ProcessEnv): Side {
  return {
    async run() {
      const start = performance.now();
      const child = spawn(command[0]!, command.slice(1), { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const output = await text(child);
      const seconds = (performance.now() - start) / 1000;
      return { seconds, quality: JSON.parse(output.trim().split('\n').at(-1)!) as Quality };
    },
    end() {},
  };
}

function text(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${child.spawnfile} ended with code ${code}.`)),
    );
  });
}
