import { OptionError } from '../../core/errors.ts';
import { openRegistry } from '../../store/registry/open-registry.ts';
import { defineCommand } from '../command.ts';
import { onOff, text } from '../flags.ts';
import { printLine } from '../io.ts';
import { jsonText } from '../json-text.ts';
import { parseVersion } from './parse-version.ts';
import { registryFlag, registryFolder } from './registry-place.ts';

export const alias = defineCommand({
  name: 'registry alias',
  parameters: ['NAME', 'ALIAS', '[VERSION]'],
  summary: 'Points an alias to a version, or removes it.',
  flags: {
    remove: onOff('Remove the alias instead'),
    expect: text('VERSION', 'Only when the alias points there now (none: when there is no such alias)'),
    reason: text('TEXT', 'Why, for the history'),
    ...registryFlag,
    json: onOff('Print one object for programs'),
  },
  notes: ['Servers that serve the alias answer with its new version within seconds.'],
  examples: [
    'heddle registry alias house champion 3 --reason "better on the May data"',
    'heddle registry alias house champion 3 --expect 2',
    'heddle registry alias house challenger --remove',
  ],
  async run([name, alias, given], flags, io) {
    if (flags.remove === (given !== undefined)) {
      throw new OptionError(
        'command/bad-flag',
        'registry alias takes either a VERSION or --remove: heddle registry alias house champion 3.',
      );
    }
    if (flags.remove && flags.expect !== undefined) {
      throw new OptionError('command/bad-flag', '--expect is for setting an alias, not for --remove.', {
        flag: 'expect',
      });
    }
    using registry = await openRegistry(registryFolder(flags));
    const { reason } = flags;
    if (given === undefined) {
      registry.removeAlias(name!, alias!, reason);
      if (flags.json) printLine(io.stdout, jsonText({ name, alias, version: null }));
      else printLine(io.stdout, `${name}@${alias} is gone`);
      return;
    }
    const expected = flags.expect === undefined ? undefined : expectedVersion(flags.expect);
    registry.setAlias(name!, alias!, parseVersion(given), { expected, reason });
    const version = registry.resolve(`${name}@${alias}`);
    if (flags.json) printLine(io.stdout, jsonText({ name: version.name, alias, version: version.version }));
    else printLine(io.stdout, `${version.name}@${alias} is version ${version.version}`);
  },
});

function expectedVersion(given: string): number | null {
  return given === 'none' ? null : parseVersion(given);
}
