import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { registryFlag, registryFolder } from './registry-place.ts';
import { modelLines, versionLines } from './version-lines.ts';

export const list = defineCommand({
  name: 'registry list',
  parameters: ['[NAME]'],
  summary: 'Lists the models of a registry; with NAME its versions, newest first.',
  flags: { ...registryFlag, json: onOff('Print one object for programs') },
  examples: ['heddle registry list', 'heddle registry list house --json'],
  async run([name], flags, io) {
    using registry = await openRegistry(registryFolder(flags), { access: 'read' });
    if (name === undefined) {
      const models = registry.models();
      if (flags.json) printLine(io.stdout, jsonText({ models }));
      else if (models.length === 0) printLine(io.stdout, 'The registry is empty.');
      else for (const line of modelLines(models)) printLine(io.stdout, line);
      return;
    }
    const versions = registry.versions(name);
    if (flags.json) printLine(io.stdout, jsonText({ name: name.normalize('NFC'), versions }));
    else for (const line of versionLines(versions)) printLine(io.stdout, line);
  },
});
