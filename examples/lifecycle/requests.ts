/**
 * `requests.ts URL TABLE COUNT`: asks the server about the rows of a table, COUNT of them, from the start again where there are fewer;
 * `until-version-2` asks until version 2 has answered a hundred. Prints id, prediction, version and, as `label`, the price that the
 * table has. Ends with an error at the first request that fails.
 */
import { type Cell, readCsv } from '../../src/index.ts';

const [url, file, count] = process.argv.slice(2) as [string, string, string];
const table = await readCsv(file);
const prices = table.numbers('price');
const rows = table.drop(['price']);
const wanted = count === 'until-version-2' ? Number.POSITIVE_INFINITY : Number(count);

async function ask(i: number): Promise<string> {
  const row: Record<string, Cell> = Object.fromEntries(
    rows.names.map((name) => [name, rows.cell(name, i % rows.rows)]),
  );
  const response = await fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ row }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  const { id, prediction, model } = (await response.json()) as {
    id: string;
    prediction: number;
    model: { version: number };
  };
  if (model.version === 2) newAnswers++;
  return `${id},${prediction},${model.version},${prices[i % rows.rows]}`;
}

let newAnswers = 0;
console.log('id,prediction,version,label');
for (
  let from = 0;
  from < wanted && newAnswers < (Number.isFinite(wanted) ? Number.POSITIVE_INFINITY : 100);
  from += 16
) {
  const size = Math.min(16, wanted - from);
  console.log((await Promise.all(Array.from({ length: size }, (_, k) => ask(from + k)))).join('\n'));
}
