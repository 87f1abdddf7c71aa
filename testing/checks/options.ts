import assert from 'node:assert/strict';
import { describeOptions, type SearchSpace } from '../../src/core/options.ts';
import { specificationFromJson } from '../../src/define/specification.ts';
import type { CheckTable } from '../check.ts';
import { functionsIn, resolverFor } from '../resolve-model.ts';
import { assertRefused } from '../subject.ts';

/** The options of a model and the specifications made of them. */
export const optionChecks = {
  'options-default': {
    holds:
      'every default is accepted, and no options mean the defaults; an option without one is asked for by name',
    async run({ factory, definition }) {
      const descriptions = describeOptions(definition.options);
      const required = descriptions.filter(
        ({ name }) => !definition.options.shape[name]!.safeParse(undefined).success,
      );
      if (required.length > 0) {
        const codes = ['option/invalid'];
        await assertRefused('no options', () => factory.from({}), { codes, mentions: [required[0]!.name] });
        return;
      }
      const { options } = factory.from(undefined);
      for (const description of descriptions)
        assert.deepEqual(
          options[description.name],
          description.default,
          `the default of '${description.name}'`,
        );
      const explicit = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      assert.deepEqual(factory.from(explicit).options, options, 'the defaults given explicitly');
    },
  },
  'options-described': {
    holds: 'every option has a description',
    run({ definition }) {
      for (const { name, description } of describeOptions(definition.options))
        assert.match(
          description,
          /\S{3}/,
          `wrap option '${name}' in option(schema, description), last of all`,
        );
    },
  },
  'options-search-range': {
    holds: 'every value in the search range of an option is accepted by it',
    run({ definition }) {
      for (const { name, search } of describeOptions(definition.options)) {
        if (search === undefined) continue;
        for (const value of valuesIn(name, search)) {
          const { success } = definition.options.shape[name]!.safeParse(value);
          assert.ok(success, `option '${name}' refuses ${String(value)}, which lies in its search range`);
        }
      }
    },
  },
  'options-unknown-refused': {
    holds: 'an unknown option is refused, and a misspelt one gets the nearest suggested',
    async run({ factory, definition, options }) {
      const codes = ['option/unknown'];
      const strange = { ...options, noSuchOptionAtAll: 1 };
      await assertRefused('an unknown option', () => factory.from(strange), {
        codes,
        mentions: ['noSuchOptionAtAll'],
      });
      const names = Object.keys(definition.options.shape).filter((name) => name.length >= 4);
      const isOptional = (name: string) => definition.options.shape[name]!.safeParse(undefined).success;
      const known = names.find(isOptional) ?? names[0];
      if (known === undefined) return;
      const { [known]: value, ...others } = options;
      const misspelt = { ...others, [`${known.slice(0, -2)}${known.at(-1)}${known.at(-2)}q`]: value ?? 1 };
      // Where the option that is meant has no default, it may be asked for instead.
      await assertRefused(`misspelling '${known}'`, () => factory.from(misspelt), {
        codes: isOptional(known) ? codes : [...codes, 'option/invalid'],
        mentions: [`'${known}'`],
      });
    },
  },
  'options-frozen': {
    holds: 'a specification and its options are frozen',
    run({ specification }) {
      assert.ok(Object.isFrozen(specification), 'the specification must be frozen');
      assert.ok(Object.isFrozen(specification.options), 'its options must be frozen');
    },
  },
  'options-json': {
    holds: 'a specification survives JSON',
    async run({ factory, specification }) {
      const json = JSON.parse(JSON.stringify(specification));
      const resolve = await resolverFor(factory, specification);
      const again = await specificationFromJson(json, resolve, functionsIn(specification));
      assert.equal(again.name, specification.name);
      assert.deepEqual(again.toJSON(), specification.toJSON());
      assert.equal(JSON.stringify(again.options), JSON.stringify(specification.options));
    },
  },
  'fit-leaves-specification': {
    holds: 'a fit changes nothing in the specification, and the fitted model has it',
    async run(subject) {
      const before = JSON.stringify(subject.specification);
      const model = await subject.fit(subject.sample());
      assert.equal(JSON.stringify(subject.specification), before);
      assert.equal(JSON.stringify(model.specification), before);
    },
  },
} satisfies CheckTable;

/** Both ends and the middle of a range, or all choices. @throws AssertionError when the range is none. */
function valuesIn(name: string, search: SearchSpace): readonly unknown[] {
  if (search.kind === 'choices') {
    assert.ok(search.values.length > 0, `the choices of option '${name}' are empty`);
    return search.values;
  }
  const { low, high } = search;
  assert.ok(low < high, `the search range of option '${name}' is empty: ${low} … ${high}`);
  const logarithmic = search.kind === 'logUniform' || (search.kind === 'integers' && search.log === true);
  assert.ok(!logarithmic || low > 0, `the logarithmic search range of option '${name}' must start above 0`);
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  return [low, search.kind === 'integers' ? Math.round(middle) : middle, high];
}
