import { OptionError } from '../../core/errors.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { list, onOff, texts } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { parseTags } from './parse-tags.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

export const tag = defineCommand({
  name: 'registry tag',
  parameters: ['REF'],
  summary: 'Sets or removes tags of a version.',
  flags: {
    set: texts('KEY=VALUE', 'A tag to set; may be repeated'),
    remove: list('KEY,…', 'Tags to remove'),
    ...registryFlag,
    json: onOff('Print one object for programs'),
  },
  examples: [
    'heddle registry tag house@3 --set stage=trial --set owner=mia',
    'heddle registry tag house@3 --remove stage',
  ],
  async run([reference], flags, io) {
    const removed = (flags.remove ?? []).map((key): [string, null] => [key, null]);
    const changes = { ...Object.fromEntries(removed), ...parseTags('set', flags.set) };
    if (Object.keys(changes).length === 0) {
      throw new OptionError('command/missing-flag', 'registry tag needs --set KEY=VALUE or --remove KEY.');
    }
    using registry = await openRegistry(registryFolder(flags));
    const { name, version } = registry.resolve(reference!);
    const { tags } = registry.setTags(name, version, changes);
    if (flags.json) printLine(io.stdout, jsonText({ name, version, tags }));
    else {
      const shown = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
      printLine(io.stdout, `${name}@${version}: ${shown.join(', ') || 'no tags'}`);
    }
  },
});
