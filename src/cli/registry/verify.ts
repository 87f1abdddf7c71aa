import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { count } from '../layout.ts';
import { progressLine } from '../progress-line.ts';
import { registryFlag, registryFolder } from './registry-place.ts';
import { shortBytes } from './version-lines.ts';

export const verify = defineCommand({
  name: 'registry verify',
  parameters: [],
  summary: 'Hashes the file of every version again; exits with 1 when one is missing or changed.',
  flags: { ...registryFlag, json: onOff('Print one object for programs') },
  examples: ['heddle registry verify'],
  async run(_parameters, flags, io) {
    using registry = await openRegistry(registryFolder(flags), { access: 'read' });
    const progress = progressLine(io.stderr);
    const result = await registry
      .verify({ signal: io.signal, onProgress: (state) => progress.show('verifying', state) })
      .finally(() => progress.wipe());
    if (flags.json) printLine(io.stdout, jsonText(result));
    else {
      for (const { digest, fault, versions } of result.faults) {
        printLine(io.stdout, `${fault}: ${versions.join(', ')} (${digest})`);
      }
      const faults = result.faults.length;
      const good = faults === 0 ? 'all good' : `${count(faults, 'file')} missing or changed`;
      printLine(io.stdout, `${count(result.checked, 'file')}, ${shortBytes(result.bytes)}: ${good}`);
    }
    return result.faults.length === 0 ? 0 : 1;
  },
});
