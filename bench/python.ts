import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const requirements = `${root}bench/requirements.txt`;
const python = `${root}.venv/bin/python`;
const marker = `${root}.venv/installed.txt`;

/** The interpreter of a virtual environment that holds the pinned peers; made on first use. */
export function peerPython(): string {
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(python) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;
  process.stderr.write('Installing the Python peers into .venv …\n');
  const host = ['python3.13', 'python3.12', 'python3.11', 'python3'].find(isRecent);
  if (host === undefined) throw new Error('The benchmarks need Python 3.11 or newer on the path.');
  execFileSync(host, ['-m', 'venv', `${root}.venv`], { stdio: ['ignore', 2, 2] });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: ['ignore', 2, 2] });
  writeFileSync(marker, wanted);
  return python;
}

function isRecent(command: string): boolean {
  try {
    const version = execFileSync(command, ['-c', 'import sys; print(sys.version_info[:2] >= (3, 11))'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return version.toString().trim() === 'True';
  } catch {
    return false;
  }
}
