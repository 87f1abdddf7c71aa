import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../../cli/browser.fixture.ts';
import { modelFiles, startServer } from '../serve.fixture.ts';

test('in a browser the page predicts a row, asks nobody else and breaks no rule of its policy', async (t) => {
  const server = await startServer(t, (await modelFiles()).price);
  const { page, complaints, requests } = await openPage(`${server.url}/docs/`);
  const operation = page.locator('#operations-default-predict');
  await operation.waitFor({ timeout: 60_000 });
  await operation.locator('.opblock-summary').click();
  await operation.locator('button.execute').click({ timeout: 60_000 });
  const answer = operation.locator('.live-responses-table tr.response');
  await answer.waitFor({ timeout: 60_000 });
  const text = await answer.textContent();
  assert.match(text!, /^200/);
  assert.match(text!, /"prediction":/);
  assert.deepEqual(complaints, []);
  for (const url of requests) assert.ok(url.startsWith(server.url) || url.startsWith('data:'), url);
  await page.close();
});
