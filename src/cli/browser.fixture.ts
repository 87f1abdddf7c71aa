import { writeFileSync } from 'node:fs';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.ts';

let launched: Promise<Browser> | undefined;
after(async () => (await launched)?.close());

/** Chromium for the tests of a file: installed if need be, started once, closed after the last test. */
export function browser(): Promise<Browser> {
  // In a container shared memory is small, and as root the sandbox refuses to start.
  const args = ['--disable-dev-shm-usage', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  launched ??= chromium.launch({ executablePath: findChromium(), args, timeout: 120_000 });
  return launched;
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, dialogs. */
  readonly complaints: readonly string[];
  /** What was asked for besides the page itself. */
  readonly requests: readonly string[];
}

export interface View {
  /** Pixels. Default 1280. */
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens a page of its own and keeps watch over it. */
export async function openPage(
  url: string,
  { width = 1280, scheme = 'light' }: View = {},
): Promise<OpenedPage> {
  const page = await (await browser()).newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, complaints, requests };
}

/** {@link openPage} for a page written to `path` first. */
export async function openHtml(html: string, path: string, view: View = {}): Promise<OpenedPage> {
  writeFileSync(path, html);
  return openPage(pathToFileURL(path).href, view);
}
