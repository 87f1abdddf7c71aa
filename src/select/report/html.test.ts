import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { escapeText, html, trusted } from './html.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

test('what is put into a template is escaped, lists are joined, nothing is left out as nothing', () => {
  const items = ['<b>', 2].map((item) => html`<li>${item}</li>`);
  const made = html`<ul title="${`"'&`}">${items}${null}${undefined}${false}</ul>${trusted('<hr>')}`;
  assert.equal(made.markup, '<ul title="&quot;&#39;&amp;"><li>&lt;b&gt;</li><li>2</li></ul><hr>');
});

test('any text comes back from a page as it was put in, in elements and in attributes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { document } = parseHTML(
        html`<!doctype html><html><body><p title="${text}">${text}|</p></body></html>`.markup,
      );
      const expected = text.toWellFormed().replace(controls, '\ufffd');
      const found = document.querySelector('p')!;
      assert.equal(found.textContent, `${expected}|`);
      assert.equal(found.getAttribute('title'), expected);
    }),
    { numRuns: 50 },
  );
});

test('lone surrogates and control characters become replacement characters', () => {
  assert.equal(escapeText('a\u0000b\ud800c'), 'a\ufffdb\ufffdc');
});
