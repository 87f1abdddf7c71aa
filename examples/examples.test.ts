import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function run(example: string): string {
  const path = fileURLToPath(new URL(example, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('the house price example ends in the prediction of the article', () => {
  assert.match(run('house-price.ts'), /\n\[462\.45942572\]\n$/);
});

test('the Ames example reports a test R² of at least 0.87', () => {
  const r2 = /R² +(0\.\d+)/.exec(run('ames.ts'));
  assert.ok(Number(r2?.[1]) >= 0.87, r2?.[0] ?? 'no R²');
});
