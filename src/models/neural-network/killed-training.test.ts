import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Matrix } from '../../core/matrix.ts';
import { RandomState } from '../../core/random.ts';
import { autoencoder } from '../autoencoder/autoencoder.ts';
import { mlpRegressor } from '../mlp/mlp-regressor.ts';
import { neuralNetworkRegressor } from './neural-network-regressor.ts';

const folder = await mkdtemp(join(tmpdir(), 'heddle-killed-'));
after(() => rm(folder, { recursive: true }));
const script = fileURLToPath(new URL('./killed-training.fixture.ts', import.meta.url));

/** Runs the training; @returns whether it ended, not killed after it has said so many lines. */
function train(checkpoint: string, out: string, killAfter = Number.POSITIVE_INFINITY): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, checkpoint, out], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    child.stdout.on('data', (text: Buffer) => {
      lines += text.toString().split('\n').length - 1;
      if (lines >= killAfter) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(code === 0);
      else reject(new Error(`the training ended with ${code}`));
    });
  });
}

test('a process that is killed again and again ends with the weights of one that was left alone', async () => {
  const kills = Number(process.env.HEDDLE_REPEATS ?? 3);
  const whole = join(folder, 'whole');
  await train(join(folder, 'untouched'), whole);
  const [checkpoint, out] = [join(folder, 'killed'), join(folder, 'resumed')];
  let killed = 0;
  // It may be done before it is killed for the last time; then it starts anew.
  while (killed < kills) {
    if (!(await train(checkpoint, out, 1 + Math.floor(4 * Math.random())))) killed++;
    else await rm(checkpoint);
  }
  assert.ok(await train(checkpoint, out));
  assert.deepEqual(await readFile(out), await readFile(whole));
});

test('fits of perceptrons, autoencoders and networks go on from their checkpoint after an abort', async () => {
  const x = Matrix.zeros(80, 3);
  new RandomState(0).fillNormal(x.data);
  const y = Array.from(x.data.filter((_, i) => i % 3 === 0));
  const quiet = { onWarning: () => {} };
  const fits = {
    mlp: (options: object) => mlpRegressor({ maxIter: 30, tol: 0 }).fit(x, y, { ...quiet, ...options }),
    autoencoder: (options: object) =>
      autoencoder({ maxIter: 30, tol: 0, corruption: 0.1 }).fit(x, undefined, { ...quiet, ...options }),
    network: (options: object) =>
      neuralNetworkRegressor({ epochs: 30, patience: null }).fit(x, y, { ...quiet, ...options }),
  };
  for (const [name, fit] of Object.entries(fits)) {
    const whole = await fit({});
    const checkpoint = { path: join(folder, name), every: 3 };
    const abort = new AbortController();
    const onProgress = () => abort.abort();
    await fit({ checkpoint, signal: abort.signal, onProgress }).catch(() => {});
    const resumed = await fit({ checkpoint });
    assert.deepEqual(resumed.state, whole.state, name);
    // What has ended is there at once.
    assert.deepEqual((await fit({ checkpoint })).state, whole.state, name);
  }
});

test('checkpoints are refused where there are none, or without a path or whole passes', async () => {
  const fit = (checkpoint: object) =>
    mlpRegressor({ maxIter: 1 }).fit([[1], [2]], [1, 2], { checkpoint: checkpoint as { path: string } });
  await assert.rejects(fit({}), { code: 'option/invalid', message: /checkpoint needs a path/ });
  await assert.rejects(fit({ path: 'x', every: 0.5 }), { code: 'option/invalid', message: /not 0\.5/ });
  await assert.rejects(
    mlpRegressor({ solver: 'lbfgs' }).fit([[1], [2]], [1, 2], { checkpoint: { path: join(folder, 'none') } }),
    { code: 'option/unsupported' },
  );
});
