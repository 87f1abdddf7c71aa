import { OptionError } from '../../core/errors.ts';
import { addKey, readKeys, removeKey } from '../../serve/keys/key-file.ts';
import { defineCommand } from '../command.ts';
import { onOff, text } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { layOut } from '../layout.ts';

const keysFlag = { keys: text('FILE', 'File of keys, given to `heddle serve --keys`') };

function keysFile({ keys }: { readonly keys: string | undefined }): string {
  if (keys !== undefined) return keys;
  throw new OptionError('command/missing-flag', 'Which file of keys? Say --keys FILE.', { flag: '--keys' });
}

export const addServeKey = defineCommand({
  name: 'serve keys add',
  parameters: ['NAME'],
  summary: 'Makes a key for a client, prints it once, and keeps a salted hash of it.',
  flags: { ...keysFlag, json: onOff('Print one object for programs') },
  notes: [
    'Clients send it as "Authorization: Bearer KEY" or "X-API-Key: KEY". A running server takes it within seconds.',
  ],
  examples: ['heddle serve keys add shop --keys keys.json'],
  async run([name], flags, io) {
    const key = await addKey(keysFile(flags), name!);
    // The key alone on stdout, so that it can go straight into a secret store.
    if (flags.json) printLine(io.stdout, jsonText({ name, key }));
    else printLine(io.stdout, key);
    printLine(io.stderr, `This is the key of '${name}'. It is not shown again.`);
  },
});

export const listServeKeys = defineCommand({
  name: 'serve keys list',
  parameters: [],
  summary: 'Lists the keys of a file: names and days, not the keys themselves.',
  flags: { ...keysFlag, json: onOff('Print one object for programs') },
  examples: ['heddle serve keys list --keys keys.json'],
  async run(_, flags, io) {
    const keys = await readKeys(keysFile(flags));
    if (flags.json) {
      const shown = keys.map(({ name, id, createdAt }) => ({ name, id, createdAt }));
      printLine(io.stdout, jsonText({ keys: shown }));
      return;
    }
    if (keys.length === 0) printLine(io.stdout, 'There is no key.');
    const rows = keys.map(({ name, id, createdAt }) => [name, id, createdAt.slice(0, 10)]);
    for (const line of layOut([['name', 'id', 'made'], ...rows], ['left', 'left', 'left'])) {
      if (keys.length > 0) printLine(io.stdout, line);
    }
  },
});

export const removeServeKey = defineCommand({
  name: 'serve keys remove',
  parameters: ['NAME'],
  summary: 'Removes a key; a running server refuses it within seconds.',
  flags: keysFlag,
  examples: ['heddle serve keys remove shop --keys keys.json'],
  async run([name], flags, io) {
    await removeKey(keysFile(flags), name!);
    printLine(io.stdout, `The key '${name}' is removed.`);
  },
});
