import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function run(example: string, program = process.execPath, ...parameters: string[]): string {
  const path = fileURLToPath(new URL(example, import.meta.url));
  const { status, stdout, stderr } = spawnSync(program, [path, ...parameters], {
    encoding: 'utf8',
    // The loop ends within half a minute on a machine that does nothing else.
    timeout: 400_000,
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

test('the support vector example divides two spirals that a straight line cannot', () => {
  assert.match(run('svm.ts'), /accuracy +0\.[67]\d\d straight, (?:0\.9[5-9]\d|1\.000) curved/);
});

test('the lifecycle example goes round once: choice, report, registry, server, alarm, feedback, promotion', () => {
  const said = run('lifecycle.ts');
  // What each step must have found is asserted in the example.
  assert.match(said, /alarm +area: /);
  assert.match(said, /alarm +Neighborhood: /);
  assert.match(said, /ames@2 the next \d+, none failed/);
});

test('the lifecycle with commands ends with the new version promoted and serving', () => {
  const said = run('lifecycle.sh', 'sh');
  assert.match(said, /1000 predictions, 0 labelled: fine/);
  assert.match(said, /promoted: ames@champion is version 2/);
  assert.match(said, /\n[0-9A-Z]{26},[\d.]+,2,\d+\n/);
  assert.match(said, /champion moved from 1 to 2/);
});

test('the example of an environment of its own ends with the shortest way through the maze', () => {
  assert.match(run('own-environment/own-environment.ts'), /mean return -10\nway +(?:down, ){3}right/);
});

test('the digits example in short, 6 passes over 150 of each digit, reads nine of ten', () => {
  const accuracy = /accuracy +([\d.]+)%/.exec(run('digits.ts', process.execPath, '6', '150'));
  // All 8,000 and 20 passes reach 98.5% and more, but take minutes; this reaches 94%, chance is 10%.
  assert.ok(Number(accuracy?.[1]) >= 90, accuracy?.[0] ?? 'no accuracy');
});
