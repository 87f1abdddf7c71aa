import assert from 'node:assert/strict';
import type { Definition } from '../../src/define/definition.ts';
import type { CheckTable } from '../check.ts';

/** What a definition says of itself. */
export const definitionChecks = {
  'definition-described': {
    holds: 'the definition has a name in kebab-case and sentences that say what it is and when to use it',
    run({ definition: { name, summary, use } }) {
      assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'the name must be in kebab-case');
      for (const [field, text] of Object.entries({ summary, use }))
        assert.match(
          text,
          /^\S.{8,}[.!]$/s,
          `${field} must be a sentence that ends in a full stop: '${text}'`,
        );
    },
  },
  'definition-exported': {
    holds: 'the module that the definition names exports the model, so that a worker thread finds it',
    async run({ definition: { name, module } }) {
      const exported: Record<string, { readonly definition?: Definition } | undefined> = await import(module);
      const found = Object.values(exported).filter((value) => value?.definition?.name === name);
      assert.equal(
        found.length,
        1,
        `${module} must export one model named '${name}', but exports ${found.length}`,
      );
    },
  },
} satisfies CheckTable;
