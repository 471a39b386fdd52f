import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuickness, type Quickness } from './quickness.ts';

function sawQuick(quickness: Quickness, text: string, times: number): void {
  for (let n = 0; n < times; n += 1) quickness.saw(text, 0.1);
}

test('a statement is quick once it has been so four times', () => {
  const quickness = createQuickness();
  sawQuick(quickness, 'a', 3);
  assert.equal(quickness.quick('a'), false);
  sawQuick(quickness, 'a', 1);
  assert.equal(quickness.quick('a'), true);
  assert.equal(quickness.quick('b'), false);
});

test('one that was taken for quick and was slow has to show it sixteen times as long, each time, up to a bound', () => {
  const quickness = createQuickness();
  sawQuick(quickness, 'a', 1000);
  for (const needed of [64, 1024, 1024]) {
    quickness.saw('a', 500);
    sawQuick(quickness, 'a', needed - 1);
    assert.equal(quickness.quick('a'), false);
    sawQuick(quickness, 'a', 1);
    assert.equal(quickness.quick('a'), true);
  }
});

test('one that had to wait for the processor now and then stays quick, one that is halting does not', () => {
  const quickness = createQuickness();
  sawQuick(quickness, 'a', 100);
  quickness.saw('a', 10);
  assert.equal(quickness.quick('a'), true);
  for (let n = 0; n < 3; n += 1) quickness.saw('a', 10);
  assert.equal(quickness.quick('a'), false);
  sawQuick(quickness, 'a', 4);
  assert.equal(quickness.quick('a'), true, 'and comes back without more ado');
});

test('statements that nobody asks for any more are forgotten', () => {
  const quickness = createQuickness();
  sawQuick(quickness, 'first', 4);
  for (let n = 0; n < 512; n += 1) quickness.saw(`statement ${n}`, 0.1);
  assert.equal(quickness.quick('first'), false);
});
