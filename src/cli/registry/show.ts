import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { registryFlag, registryFolder } from './registry-place.ts';
import { detailLines } from './version-lines.ts';

export const show = defineCommand({
  name: 'registry show',
  parameters: ['REF'],
  summary: 'Shows all that is known of a version: aliases, tags, metrics, where it comes from, its file.',
  flags: { ...registryFlag, json: onOff('Print one object for programs') },
  examples: ['heddle registry show house@champion', 'heddle registry show house@3 --json'],
  async run([reference], flags, io) {
    using registry = await openRegistry(registryFolder(flags), { access: 'read' });
    const version = registry.resolve(reference!);
    const file = registry.path(version);
    if (flags.json) printLine(io.stdout, jsonText({ ...version, file }));
    else for (const line of detailLines(version, file)) printLine(io.stdout, line);
  },
});
