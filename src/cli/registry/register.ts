import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { list, onOff, text, texts } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { parseTags } from './parse-tags.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

export const register = defineCommand({
  name: 'registry register',
  parameters: ['NAME', 'FILE'],
  summary: 'Adds a model file as the next version of a name; the file is copied and never changes.',
  flags: {
    alias: list('ALIAS,…', 'Aliases to point to the new version, e.g. champion'),
    tag: texts('KEY=VALUE', 'A tag; may be repeated'),
    note: text('TEXT', 'Why, for the history'),
    ...registryFlag,
    json: onOff('Print one object for programs'),
  },
  notes: [
    'Metrics, options and the fingerprint of the data are taken from the file, where training left them.',
  ],
  examples: [
    'heddle registry register house house.heddle --alias champion',
    'heddle registry register house house.heddle --tag stage=trial --note "first try with trees"',
  ],
  async run([name, file], flags, io) {
    using registry = await openRegistry(registryFolder(flags));
    const version = await registry.register(name!, file!, {
      aliases: flags.alias,
      tags: parseTags('tag', flags.tag),
      note: flags.note,
    });
    if (flags.json) printLine(io.stdout, jsonText(version));
    else {
      const aliases = version.aliases.length === 0 ? '' : `, ${version.aliases.join(', ')}`;
      printLine(io.stdout, `registered ${version.name}@${version.version} (${version.model}${aliases})`);
    }
  },
});
