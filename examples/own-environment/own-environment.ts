/**
 * An environment of one's own: check it, learn to act in it on a worker thread, look at what was learned. From the command line the same is
 * `heddle learn examples/own-environment/maze.ts --episodes 500 --out maze.heddle`.
 */
import assert from 'node:assert/strict';
import { checkEnvironment, policyActor, qLearning, recordEpisode } from '../../src/index.ts';
import { makeEnvironment } from './maze.ts';

// 1. Does it keep its word: shapes, finite rewards, the same episode for the same seed?
const { episodes } = checkEnvironment(makeEnvironment(), { steps: 5000 });
console.log(`checked    ${episodes} random episodes`);

// 2. Learn.
const module = new URL('./maze.ts', import.meta.url).href;
const model = await qLearning({ gamma: 1 }).learn({ module, name: 'makeEnvironment' }, { episodes: 500 });
const { steps, evaluation } = model.learning;
console.log(`learned    ${steps} steps, mean return ${evaluation!.meanReturn}`);

// 3. Act: the shortest way has 10 steps.
const maze = makeEnvironment();
const way = recordEpisode(maze, policyActor(model), { seed: 0, mostSteps: 100 });
console.log(`way        ${way.steps.map(({ action }) => maze.actionNames![action as number]).join(', ')}`);
assert.equal(way.return, -10);
