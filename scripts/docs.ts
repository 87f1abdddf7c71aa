/**
 * `npm run docs`: writes the generated pages of `docs/`. With `--check` it writes nothing and fails when a page is out of
 * date; `npm run check` does that.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModel, modelNames } from '../src/models/registry.ts';
import { modelPage } from './model-page.ts';
import { root } from './setup.js';

const factories = await Promise.all(modelNames().map(async (name) => (await findModel(name))!));
const pages = { 'docs/models.md': modelPage(factories.map(({ definition }) => definition)) };

const isCheck = process.argv.includes('--check');
for (const [page, text] of Object.entries(pages)) {
  const path = join(root, page);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (isCheck) {
    process.stderr.write(`${page} is out of date: run \`npm run docs\`\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    process.stderr.write(`${page} written\n`);
  }
}
