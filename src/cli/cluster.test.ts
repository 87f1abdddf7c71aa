import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RandomState } from '../core/random.ts';
import { silhouetteScore } from '../metrics/cluster-separation.ts';
import { loadModel } from '../store/model-file.ts';
import { csv, folderOf, heddle } from './run.fixture.ts';

/** 60 customers in 3 groups: numbers with a gap, a category, an identifier, a constant. */
function customers(rows = 60) {
  const random = new RandomState(8);
  const group = Array.from({ length: rows }, (_, i) => i % 3);
  return {
    customer_id: group.map((_, i) => 1000 + i),
    age: group.map((g, i) => (i === 7 ? '' : (25 + 18 * g + random.standardNormal()).toFixed(1))),
    spend: group.map((g) => (1000 * [5, 1, 9][g]! + 100 * random.standardNormal()).toFixed(2)),
    plan: group.map((g) => ['basic', 'plus', 'pro'][g]!),
    country: group.map(() => 'CH'),
  };
}
const truth = Array.from({ length: 60 }, (_, i) => i % 3);

/** Whether labels differ from 0, 1, 2, 0, … in their names only. */
function isTruth(labels: readonly number[]): boolean {
  return new Set(labels.map((label, i) => `${label} ${truth[i]}`)).size === 3 && new Set(labels).size === 3;
}

for (const model of ['k-means', 'mini-batch-k-means', 'agglomerative']) {
  test(`${model} finds the groups of mixed columns, and says what was left out`, async (t) => {
    const { file } = folderOf(t);
    const data = file('customers.csv', csv(customers()));
    const { code, json, stderr } = await heddle(
      'cluster',
      data,
      '--model',
      model,
      '--clusters',
      '3',
      '--json',
    );
    assert.equal(code, 0, stderr);
    assert.ok(isTruth(json.labels));
    assert.deepEqual(json.sizes, [20, 20, 20]);
    assert.ok(
      json.metrics.silhouette > 0.8 &&
        json.metrics.daviesBouldin < 0.5 &&
        json.metrics.calinskiHarabasz > 100,
    );
    assert.deepEqual(json.features, ['age', 'spend', 'plan']);
    assert.deepEqual(
      json.leftOut.map(({ name, role }: { name: string; role: string }) => [name, role]),
      [
        ['customer_id', 'identifier'],
        ['country', 'constant'],
      ],
    );
    assert.equal(json.profiles.length, 3);
    assert.equal(json.choice, null);
  });
}

test('auto chooses the number and says why', async (t) => {
  const { file } = folderOf(t);
  const data = file('customers.csv', csv(customers()));
  const { json } = await heddle('cluster', data, '--json');
  assert.equal(json.clusters, 3);
  assert.equal(json.choice.recommended, 3);
  assert.equal(json.choice.candidates.length, 9);
  const { stdout } = await heddle('cluster', data, '--clusters', 'auto');
  assert.match(stdout, /clusters {3}3 \(chosen: 3 clusters have the highest mean silhouette/);
  assert.match(stdout, /left out {3}customer_id counts the rows/);
  assert.match(stdout, /\* 3 /);
  assert.match(stdout, /20 {2}33\.3% {2}(?:spend|age|plan)/);
});

test('the table is written with its clusters, the model saved, the tree drawn', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('customers.csv', csv(customers()));
  const [out, model, tree] = [path('out.csv'), path('groups.heddle'), path('tree.svg')];
  const { code, json, stderr } = await heddle(
    ...['cluster', data, '--model', 'agglomerative', '--clusters', '3', '--out', out, '--save', model],
    ...['--dendrogram', tree, '--json'],
  );
  assert.equal(code, 0, stderr);
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  assert.equal(lines[0], 'customer_id,age,spend,plan,country,cluster');
  assert.deepEqual(
    lines.slice(1).map((line) => Number(line.split(',').at(-1))),
    json.labels,
  );
  const svg = readFileSync(tree, 'utf8');
  assert.match(svg, /^<svg/);
  // Rows go by the identifier that was left out.
  assert.match(svg, />10\d\d</);
  const loaded = await loadModel(model);
  assert.deepEqual(Array.from((loaded as unknown as { labels: Int32Array }).labels), json.labels);
});

test('a saved k-means places later rows in the same clusters', async (t) => {
  const { file, path } = folderOf(t);
  const columns = customers();
  const data = file('customers.csv', csv(columns));
  const { json } = await heddle('cluster', data, '--clusters', 'auto', '--save', path('m.heddle'), '--json');
  const model = (await loadModel(path('m.heddle'))) as unknown as {
    predict(x: unknown): Promise<Int32Array>;
  };
  const rows = truth.map((_, i) => ({
    age: Number(columns.age[i]) || null,
    spend: Number(columns.spend[i]),
    plan: columns.plan[i],
  }));
  assert.deepEqual(Array.from(await model.predict(rows)), json.labels);
});

test('a column called cluster stays what it is', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('c.csv', csv({ cluster: [1, 5, 2, 9], y: [1.5, 2.5, 9.5, 9] }));
  await heddle('cluster', data, '--clusters', '2', '--out', path('o.csv'));
  assert.match(readFileSync(path('o.csv'), 'utf8'), /^cluster,y,cluster\.1\n1,1\.5,\d\n/);
});

test('numbers count in their own units when told', async (t) => {
  const { file } = folderOf(t);
  const random = new RandomState(1);
  const far = truth.map((i) => 1000 * i + random.standardNormal());
  const noise = truth.map(() => random.standardNormal());
  const more = truth.map(() => random.standardNormal());
  const data = file('units.csv', csv({ far, noise, more }));
  const { json } = await heddle('cluster', data, '--clusters', '3', '--no-standardise', '--json');
  assert.ok(isTruth(json.labels));
  assert.deepEqual(json.preparation, []);
  const x = truth.map((_, i) => [far[i]!, noise[i]!, more[i]!]);
  // Sums in another order.
  assert.ok(Math.abs(json.metrics.silhouette - silhouetteScore(x, json.labels)) < 1e-12);
});

test('a distance cuts the tree in place of a number', async (t) => {
  const { file } = folderOf(t);
  const data = file('customers.csv', csv(customers()));
  const model = ['--model', 'agglomerative', '--set', 'distanceThreshold=8'];
  const { json } = await heddle('cluster', data, ...model, '--json');
  assert.ok(isTruth(json.labels));
  const { code, stderr } = await heddle('cluster', data, ...model, '--clusters', '3');
  assert.equal(code, 1);
  assert.match(stderr, /distanceThreshold/);
});

test('what cannot be done is refused in one line, before anything is written', async (t) => {
  const { file, path } = folderOf(t);
  const data = file('customers.csv', csv(customers()));
  const refused = async (pattern: RegExp, ...argv: string[]) => {
    const { code, stderr } = await heddle('cluster', data, '--out', path('o.csv'), ...argv);
    assert.equal(code, 1);
    assert.match(stderr, pattern);
    assert.equal(stderr.trim().split('\n').length, 1);
    assert.ok(!existsSync(path('o.csv')));
  };
  await refused(/61 clusters of 60 rows/, '--clusters', '61');
  await refused(/whole number from 1 on, or auto, not 'three'/, '--clusters', 'three');
  await refused(/ridge makes no clusters/, '--model', 'ridge');
  await refused(/Did you mean 'k-means'/, '--model', 'kmeans');
  await refused(/makes no tree/, '--clusters', '3', '--dendrogram', path('t.svg'));
  await refused(/both a feature and dropped/, '--features', 'age', '--drop', 'age');
  await refused(/no option 'linkages'/, '--model', 'agglomerative', '--set', 'linkages=ward');
  await refused(/cosine/, '--model', 'agglomerative', '--set', 'metric=cosine');
});
