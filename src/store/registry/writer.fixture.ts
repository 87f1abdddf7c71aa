/**
 * A process that writes to a registry, to be killed. Arguments: folder of the registry, folder of model files, its number, how many
 * writes. Each write that was acknowledged is a line of JSON on stdout.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RandomState } from '../../core/random.ts';
import { openRegistry } from './open-registry.ts';

const [folder, models, number, writes] = process.argv.slice(2) as [string, string, string, string];
const random = new RandomState(Number(number));
const files = readdirSync(models).sort();
const say = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`);
const registry = await openRegistry(folder);
// One name that all write to, and one of its own.
const own = `writer-${number}`;
const { version } = await registry.register(own, join(models, files[0]!));
say({ kind: 'register', name: own, version, file: files[0] });
for (let write = 1; write < Number(writes); write++) {
  const name = write % 3 === 0 ? own : 'shared';
  const choice = random.randint(0, 10);
  if (choice < 6) {
    // Few files for many writers: the same file is registered by several at once.
    const file = files[random.randint(0, files.length)]!;
    const made = await registry.register(name, join(models, file), {
      tags: { writer: number, write: String(write) },
    });
    say({ kind: 'register', name, version: made.version, file });
  } else if (choice < 8) {
    registry.setAlias(own, 'champion', 1, { reason: String(write) });
    registry.setAlias(own, 'champion', registry.versions(own)[0]!.version, { reason: String(write) });
    say({ kind: 'alias', name: own, version: registry.resolve(own).version });
  } else {
    const tag = `write-${write}`;
    registry.setTags(own, 1, { [tag]: number });
    if (choice === 9) registry.setTags(own, 1, { [tag]: null });
    say({ kind: choice === 9 ? 'untag' : 'tag', name: own, version: 1, tag });
  }
}
registry[Symbol.dispose]();
