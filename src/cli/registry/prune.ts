import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { count } from '../layout.ts';
import { registryFlag, registryFolder } from './registry-place.ts';
import { shortBytes } from './version-lines.ts';

export const prune = defineCommand({
  name: 'registry prune',
  parameters: [],
  summary: 'Deletes files that no version has, and what killed processes left half-written.',
  flags: { ...registryFlag, json: onOff('Print one object for programs') },
  examples: ['heddle registry prune'],
  async run(_parameters, flags, io) {
    using registry = await openRegistry(registryFolder(flags));
    const result = await registry.prune();
    if (flags.json) printLine(io.stdout, jsonText(result));
    else printLine(io.stdout, `${count(result.files, 'file')} deleted, ${shortBytes(result.bytes)}`);
  },
});
