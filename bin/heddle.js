#!/usr/bin/env node
// @ts-check
// The command. Plain JavaScript for any Node: in a clone it runs the sources on a Node that reads TypeScript, the pinned
// one if need be; installed from npm it runs the compiled files on the user's Node, which must be new enough.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;
const isNewEnough = Number(process.versions.node.split('.')[0]) >= oldestMajor;
const source = new URL('../src/cli/main.ts', import.meta.url);

if (existsSync(source)) {
  const { setup, pinnedNode } = await import('../scripts/setup.js');
  try {
    setup();
  } catch (error) {
    process.stderr.write(`heddle: ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
  if (isNewEnough) await start(source.href);
  else replaceBy(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
} else if (isNewEnough) {
  await start(new URL('../dist/src/cli/main.js', import.meta.url).href);
} else {
  process.stderr.write(
    `heddle needs Node ${oldestMajor} or later; this is Node ${process.versions.node}. ` +
      `Install a newer Node, or run: npx --package node@${oldestMajor} --package heddle heddle …\n`,
  );
  process.exit(1);
}

/** @param {string} url */
async function start(url) {
  // Compiled code is kept between runs: most of the time to start would go into compiling.
  nodeModule.enableCompileCache?.();
  const { main } = await import(url);
  process.exitCode = await main(process.argv.slice(2));
}

/**
 * Runs another program in place of this one as far as its caller can tell: same streams, signals and exit code.
 * @param {string} command
 * @param {string[]} parameters
 */
function replaceBy(command, parameters) {
  const child = spawn(command, parameters, { stdio: 'inherit' });
  // A terminal sends its interrupt to the child as well; passing it on would count as pressing the keys twice.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (!(onTerminal && signal === 'SIGINT')) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`heddle: cannot run ${command}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
