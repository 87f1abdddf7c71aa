import type { Command } from './command.ts';
import type { CommandGroup } from './command-group.ts';

const keys: CommandGroup = {
  name: 'serve keys',
  summary: 'Makes, lists and removes the keys that clients of a server show.',
  commands: {
    add: {
      summary: 'Make a key; it is printed once.',
      load: async () => (await import('./serve/keys.ts')).addServeKey as unknown as Command,
    },
    list: {
      summary: 'List the keys by name.',
      load: async () => (await import('./serve/keys.ts')).listServeKeys as unknown as Command,
    },
    remove: {
      summary: 'Remove a key.',
      load: async () => (await import('./serve/keys.ts')).removeServeKey as unknown as Command,
    },
  },
};

/** `heddle serve MODEL`, and `heddle serve keys …`. */
export const serve: CommandGroup = {
  name: 'serve',
  summary: 'Answers requests over HTTP with a model of a file or a registry.',
  commands: { keys: { summary: keys.summary, load: async () => keys } },
  otherwise: async () => (await import('./serve/serve-model.ts')).serveModel as unknown as Command,
};
