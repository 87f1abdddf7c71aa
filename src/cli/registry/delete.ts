import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff, text } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { parseVersion } from './parse-version.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

export const deleteVersion = defineCommand({
  name: 'registry delete',
  parameters: ['NAME', 'VERSION'],
  summary: 'Takes a version away that no alias points to; its number is not given again.',
  flags: {
    reason: text('TEXT', 'Why, for the history'),
    ...registryFlag,
    json: onOff('Print one object for programs'),
  },
  notes: ['The file stays until `heddle registry prune`.'],
  examples: ['heddle registry delete house 2 --reason "trained on wrong prices"'],
  async run([name, given], flags, io) {
    const version = parseVersion(given!);
    using registry = await openRegistry(registryFolder(flags));
    registry.remove(name!, version, flags.reason);
    if (flags.json) printLine(io.stdout, jsonText({ name, version, removed: true }));
    else printLine(io.stdout, `${name}@${version} is gone; \`heddle registry prune\` frees its space`);
  },
});
