import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { html } from './html.ts';

test('no text becomes markup, leaves an attribute, or hides what it says', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '=', '\n', '\u202E', '\u200B') }),
  );
  fc.assert(
    fc.property(text, (given) => {
      const shown = html`<p title="${given}">${given}${[given]}</p>`.toString();
      assert.equal(shown.match(/[<>]/g)?.length, 4);
      assert.equal(shown.match(/"/g)?.length, 2);
      assert.doesNotMatch(shown.replaceAll('\n', ''), /['\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.doesNotMatch(shown.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, ''), /&/);
    }),
  );
});

test('markup goes into markup as it is', () => {
  const items = [html`<b>${1}</b>`, null];
  assert.equal(html`<i>${items}</i>`.toString(), '<i><b>1</b></i>');
});
