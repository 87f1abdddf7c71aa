import assert from 'node:assert/strict';
import { test } from 'node:test';
import { list, number, onOff, parseFlags, text, texts } from './flags.ts';

const flags = {
  target: text('COL', 'The target'),
  'test-size': number('SIZE', 'A share'),
  drop: list('COL,…', 'Columns'),
  set: texts('NAME=VALUE', 'Options'),
  json: onOff('One object'),
};

test('flags have the types they were declared with, and the rest is positional', () => {
  const { parameters, flags: values } = parseFlags(
    [
      'data.csv',
      '--target',
      '售价',
      '--test-size=0.25',
      '--drop',
      'a,b',
      '--drop=c',
      '--json',
      '--set',
      'x=1',
      '--set',
      'y=a=b',
    ],
    flags,
  );
  assert.deepEqual(parameters, ['data.csv']);
  assert.deepEqual(values, {
    target: '售价',
    'test-size': 0.25,
    drop: ['a', 'b', 'c'],
    set: ['x=1', 'y=a=b'],
    json: true,
  });
});

test('flags that are not given are undefined, switches false', () => {
  assert.deepEqual(parseFlags([], flags).flags, {
    target: undefined,
    'test-size': undefined,
    drop: undefined,
    set: [],
    json: false,
  });
});

test('a name with a comma in it is quoted within a list', () => {
  assert.deepEqual(parseFlags(['--drop', '"size, m²",b,"say ""x"""'], flags).flags.drop, [
    'size, m²',
    'b',
    'say "x"',
  ]);
});

test('a value may begin with one dash, with two only behind an equals sign', () => {
  assert.equal(parseFlags(['--test-size', '-3'], flags).flags['test-size'], -3);
  assert.equal(parseFlags(['--target=--odd'], flags).flags.target, '--odd');
  assert.throws(() => parseFlags(['--target', '--json'], flags), /--target needs a value: --target COL/);
  assert.throws(() => parseFlags(['--target'], flags), /--target needs a value/);
});

test('what follows two dashes is positional', () => {
  assert.deepEqual(parseFlags(['--json', '--', '--target'], flags).parameters, ['--target']);
});

test('an unknown flag is refused with the nearest one', () => {
  assert.throws(() => parseFlags(['--targt', 'x'], flags), /no flag '--targt'. Did you mean '--target'\?/);
  assert.throws(() => parseFlags(['--constructor', 'x'], flags), /no flag '--constructor'/);
  assert.throws(() => parseFlags(['-t'], flags), /no flag '-t'/);
});

test('a flag that is given twice, takes no value or no such value is refused by name', () => {
  assert.throws(() => parseFlags(['--target=a', '--target=b'], flags), /--target is given twice/);
  assert.throws(() => parseFlags(['--json=yes'], flags), /--json takes no value, but got 'yes'/);
  assert.throws(
    () => parseFlags(['--test-size', 'half'], flags),
    /--test-size takes a number, but got 'half'/,
  );
});
