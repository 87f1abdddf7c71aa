import type { Command } from './command.ts';
import type { CommandGroup, Entry } from './command-group.ts';

const entry = (summary: string, load: () => Promise<unknown>): Entry => ({
  summary,
  load: load as () => Promise<Command>,
});

export const registry: CommandGroup = {
  name: 'registry',
  summary:
    'Keeps models by name and version, with aliases such as champion, tags, metrics and where they come from.',
  notes: [
    'A reference REF is NAME (its champion, else the newest version), NAME@ALIAS, NAME@3 or NAME@latest.',
    'The folder is --registry DIR, else HEDDLE_REGISTRY, else ./registry.',
  ],
  commands: {
    list: entry(
      'List the models, or the versions of one.',
      async () => (await import('./registry/list.ts')).list,
    ),
    register: entry(
      'Add a model file as the next version of a name.',
      async () => (await import('./registry/register.ts')).register,
    ),
    show: entry(
      'Show all that is known of a version.',
      async () => (await import('./registry/show.ts')).show,
    ),
    alias: entry(
      'Point an alias to a version, or remove it.',
      async () => (await import('./registry/alias.ts')).alias,
    ),
    tag: entry('Set or remove tags of a version.', async () => (await import('./registry/tag.ts')).tag),
    history: entry(
      'Show what happened to a name, and why.',
      async () => (await import('./registry/history.ts')).history,
    ),
    export: entry(
      'Copy the file of a version out.',
      async () => (await import('./registry/export.ts')).exportVersion,
    ),
    delete: entry(
      'Take a version away that no alias points to.',
      async () => (await import('./registry/delete.ts')).deleteVersion,
    ),
    verify: entry('Hash every file again.', async () => (await import('./registry/verify.ts')).verify),
    prune: entry(
      'Delete files that no version has.',
      async () => (await import('./registry/prune.ts')).prune,
    ),
  },
};
