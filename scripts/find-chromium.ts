/**
 * Tests of pages need a browser, which npm cannot bring. `findChromium()` finds one; on Debian and Ubuntu it installs the
 * package `chromium` where it may; else it fails naming the one command that does. `node scripts/find-chromium.ts` prints the path.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'msedge'];
const places = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
/** Given to apt-get while other test files wait for the same installation. */
const LOCK = '/tmp/heddle-install-chromium.lock';
const INSTALL_LIMIT_MS = 240_000;

const install = 'apt-get install -y --no-install-recommends chromium';

export interface ChromiumSearch {
  /** Default: the process's. `HEDDLE_CHROMIUM` names an executable that goes before all others. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where to look besides `PATH`: folders and executables. Default: where systems put browsers. */
  readonly places?: readonly string[];
  /** Whether a missing browser may be installed. Default: on Debian and Ubuntu, as root. */
  readonly mayInstall?: boolean;
}

/** The path of an installed Chromium (or Chrome, Edge), or undefined. */
export function installedChromium({
  env = process.env,
  places: where = places,
}: ChromiumSearch = {}): string | undefined {
  const named = env.HEDDLE_CHROMIUM;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new Error(
      `HEDDLE_CHROMIUM names '${named}', which is no program. Set it to a Chromium's executable, or unset it.`,
    );
  }
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...where];
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  return folders
    .flatMap((folder) => [
      folder,
      ...names.flatMap((name) => endings.map((ending) => join(folder, name + ending))),
    ])
    .find(isExecutable);
}

/**
 * The path of a Chromium, installed first where that is needed and possible; one process installs while others wait.
 * @throws Error with the command to run, when there is none and it cannot be installed.
 */
export function findChromium(search: ChromiumSearch = {}): string {
  const found = installedChromium(search);
  if (found !== undefined) return found;
  const { mayInstall = isRootOfDebian(search.env ?? process.env) } = search;
  if (!mayInstall)
    throw new Error(`Tests of pages need Chromium. Install it: ${commandFor(process.platform)}`);
  process.stderr.write('heddle: installing Chromium for the tests of pages (once)\n');
  // Lists of packages may be missing in a container, so they are fetched when the package is not found at first.
  const script = `command -v chromium >/dev/null || ${install} || { apt-get update && ${install}; }`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('flock', [LOCK, 'sh', '-c', script], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_LIMIT_MS,
  });
  const installed = installedChromium(search);
  if (installed !== undefined) return installed;
  const reason =
    String(stderr ?? '')
      .trim()
      .split('\n')
      .at(-1) || `apt-get ended with ${status}`;
  throw new Error(`Chromium could not be installed (${reason}). Install it: ${commandFor(process.platform)}`);
}

function commandFor(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'brew install --cask chromium';
  if (platform === 'win32') return 'winget install Google.Chrome';
  return `sudo ${install}`;
}

function isRootOfDebian(env: NodeJS.ProcessEnv): boolean {
  const has = (name: string) =>
    (env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
  return process.platform === 'linux' && process.getuid?.() === 0 && has('apt-get') && has('flock');
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${findChromium()}\n`);
