import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openHtml } from '../../cli/browser.fixture.ts';
import { renderReport } from './render-report.ts';
import { binaryRun, hostileRun, regressionRun, wideRun } from './run.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'heddle-report-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, `${name}.html`);

let pages: Readonly<Record<string, string>>;

before(async () => {
  const [regression, binary] = await Promise.all([regressionRun(), binaryRun()]);
  const runs = { regression, hostile: hostileRun(binary), wide: wideRun(200) };
  const made = Object.entries(runs).map(async ([name, run]) => [name, await renderReport(run)] as const);
  pages = Object.fromEntries(await Promise.all(made));
});

const layout = `(() => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  return {
    pageWidth: document.documentElement.scrollWidth,
    windowWidth: document.documentElement.clientWidth,
    flatSections: boxes('section').filter(({ width, height }) => width < 100 || height < 60).length,
    figures: document.querySelectorAll('figure').length,
    visiblePictures: boxes('figure svg').filter(({ width, height }) => width > 250 && height > 40).length,
    smallestLetters: Math.min(...[...document.querySelectorAll('figure svg')].filter((svg) => svg.clientWidth > 0)
      .map((svg) => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)),
    sections: document.querySelectorAll('section').length,
  };
})()`;

for (const width of [390, 1280]) {
  test(`at ${width} pixels every section is seen, nothing sticks out, nothing is asked for and nothing complains`, async () => {
    for (const [name, html] of Object.entries(pages)) {
      const { page, complaints, requests } = await openHtml(html, path(name), { width });
      const found = (await page.evaluate(layout)) as Record<string, number>;
      await page.close();
      assert.ok(
        found.pageWidth! <= found.windowWidth!,
        `${name}: ${found.pageWidth} of ${found.windowWidth} pixels`,
      );
      assert.ok(found.sections! >= 7, name);
      assert.equal(found.flatSections, 0, name);
      // Each figure is drawn for wide and for narrow pages, of which one is seen, with letters of about their own size.
      assert.ok(found.figures! >= 2, name);
      assert.equal(found.visiblePictures, found.figures, name);
      assert.ok(found.smallestLetters! > 10, `${name}: letters of ${found.smallestLetters} pixels`);
      assert.deepEqual(complaints, [], name);
      assert.deepEqual(requests, [], name);
    }
  });
}

/** The least WCAG contrast of texts with what is behind them; in pictures with the page. */
const leastContrast = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255];
  };
  let least = { ratio: 21, text: '' };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || element.clientWidth === 0 && !element.ownerSVGElement || ['title', 'desc', 'style'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const front = rgba(element.ownerSVGElement ? style.fill : style.color);
    if (front[3] !== 255) continue;
    const [a, b] = [luminance(front), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least.ratio) least = { ratio, text: element.textContent.slice(0, 60) };
  }
  return least;
})()`;

for (const scheme of ['light', 'dark'] as const) {
  test(`in ${scheme} every text stands out from its background`, async () => {
    const backgrounds: string[] = [];
    for (const name of ['regression', 'hostile']) {
      const { page } = await openHtml(pages[name]!, path(name), { scheme });
      // 4.5 : 1 is what WCAG 2.2 asks of text (criterion 1.4.3).
      const least = (await page.evaluate(leastContrast)) as { ratio: number; text: string };
      assert.ok(least.ratio >= 4.5, `${name}: ${least.ratio.toFixed(2)} for '${least.text}'`);
      backgrounds.push((await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string);
      await page.close();
    }
    const [red] = /\d+/.exec(backgrounds[0]!)!;
    assert.ok(scheme === 'dark' ? Number(red) < 60 : Number(red) > 240, backgrounds[0]);
  });
}

test('should markup slip in from the data, the policy of the page lets it do nothing', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slipped =
    `<script>document.title = "run"</script><img src="${elsewhere}/a.png" onerror="document.title='run'">` +
    '<style>h1 { color: rgb(1, 2, 3) }</style><p id="slipped" style="color: rgb(1, 2, 3)">slipped</p>' +
    `<link rel="stylesheet" href="${elsewhere}/a.css"><iframe src="${elsewhere}/frame"></iframe>`;
  const whatHappens = async (html: string) => {
    asked.length = 0;
    const { page } = await openHtml(html, path('slipped'));
    const title = await page.title();
    const style = "['h1', '#slipped'].map((one) => getComputedStyle(document.querySelector(one)).color)";
    const colors = (await page.evaluate(style)) as string[];
    await page.close();
    return { ran: title === 'run', styled: colors.includes('rgb(1, 2, 3)'), asked: asked.length > 0 };
  };
  try {
    const html = pages.regression!.replace('</header>', `${slipped}</header>`);
    assert.deepEqual(await whatHappens(html), { ran: false, styled: false, asked: false });
    const open = html.replace(/<meta http-equiv[^>]+>/, '');
    assert.deepEqual(await whatHappens(open), { ran: true, styled: true, asked: true });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('on paper folded parts are open and nothing is cut off', async () => {
  const { page } = await openHtml(pages.regression!, path('paper'));
  await page.emulateMedia({ media: 'print' });
  const heights = (await page.evaluate(
    "[...document.querySelectorAll('details pre')].map((one) => one.getBoundingClientRect().height)",
  )) as number[];
  assert.ok(heights.length >= 2 && heights.every((height) => height > 10), String(heights));
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await page.close();
});
