import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

export const exportVersion = defineCommand({
  name: 'registry export',
  parameters: ['REF', 'FILE'],
  summary: 'Copies the model file of a version out, checked by its digest.',
  flags: { ...registryFlag, json: onOff('Print one object for programs') },
  examples: ['heddle registry export house@champion house.heddle'],
  async run([reference, file], flags, io) {
    using registry = await openRegistry(registryFolder(flags), { access: 'read' });
    const version = await registry.copy(reference!, file!);
    if (flags.json) printLine(io.stdout, jsonText({ ...version, out: file }));
    else printLine(io.stdout, `${version.name}@${version.version} in ${file}`);
  },
});
