import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { registryFlag, registryFolder } from './registry-place.ts';
import { eventLines } from './version-lines.ts';

export const history = defineCommand({
  name: 'registry history',
  parameters: ['NAME'],
  summary:
    'Shows every registration, removal, alias move and change of tags of a name, oldest first, with its reason.',
  flags: { ...registryFlag, json: onOff('Print one object for programs, with the reasons in full') },
  examples: ['heddle registry history house'],
  async run([name], flags, io) {
    using registry = await openRegistry(registryFolder(flags), { access: 'read' });
    const events = registry.history(name!);
    if (flags.json) printLine(io.stdout, jsonText({ name, events }));
    else for (const line of eventLines(events)) printLine(io.stdout, line);
  },
});
