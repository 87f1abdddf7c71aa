/** `wait.ts FILE [url]`: waits until `heddle serve --json` has said that it is ready; prints its address. */
import { readFile } from 'node:fs/promises';

const [file, what] = process.argv.slice(2) as [string, string?];
for (let tries = 0; ; tries++) {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.includes('\n')) {
    if (what === 'url') console.log((JSON.parse(text.slice(0, text.indexOf('\n'))) as { url: string }).url);
    break;
  }
  if (tries === 600) throw new Error(`${file} says nothing after a minute.`);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
