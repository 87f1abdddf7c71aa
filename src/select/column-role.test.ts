import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, columnFromCells } from '../core/frame.ts';
import { roleOf } from './column-role.ts';

const role = (name: string, cells: readonly Cell[], wishes = {}) =>
  roleOf(name, columnFromCells(name, cells), wishes).role;
const range = (n: number, step = 1, start = 1) => Array.from({ length: n }, (_, i) => start + step * i);

test('numbers, booleans, dates and texts are features', () => {
  assert.equal(role('area', [80, 100, 120.5]), 'number');
  assert.equal(role('new', [true, false]), 'boolean');
  assert.equal(role('sold', [new Date(0), new Date(1)]), 'date');
  assert.equal(role('street', ['Pave', 'Grvl', 'Pave', null]), 'category');
});

test('a column without values is empty, one that never varies constant, but gaps are variation', () => {
  assert.equal(role('x', [null, null]), 'empty');
  assert.equal(role('x', [Number.NaN, null]), 'empty');
  assert.equal(role('x', ['a', 'a']), 'constant');
  assert.equal(role('pool', ['yes', null, null]), 'category');
});

test('whole numbers that count the rows are identifiers, in small tables only by their name', () => {
  assert.equal(role('Order', range(2930)), 'identifier');
  assert.equal(role('n', range(100, 10)), 'identifier');
  assert.equal(role('x', range(20)), 'number');
  for (const name of [
    'id',
    'ID',
    'customer_id',
    'customerId',
    'PID',
    'No.',
    'row number',
    '学号',
    '订单编号',
  ]) {
    assert.equal(role(name, range(5)), 'identifier', name);
  }
});

test('a name like an identifier is not enough: values must differ in every row and be whole', () => {
  assert.equal(role('PID', [526301100, 526350040, 526351010]), 'identifier');
  assert.equal(role('flight number', [1545, 1714, 1545]), 'number');
  assert.equal(role('id', [1.5, 2.5, 4]), 'number');
  assert.equal(role('id', [7, null, 9]), 'number');
  assert.equal(role('grid', [1, 2, 3, 4]), 'number');
  assert.equal(role('面积', [100, 150, 120, 80]), 'number');
});

test('text that differs in almost every row is an identifier, long texts are free text', () => {
  assert.equal(role('name', ['Ann', 'Bob', 'Cid', 'Dan']), 'identifier');
  const reviews = range(30).map((i) => `a rather nice place number ${i % 20}`);
  assert.equal(role('review', reviews), 'text');
  assert.equal(
    role(
      'comment',
      range(30).map((i) => `这里的服务非常好值得推荐${i % 20}`),
    ),
    'text',
  );
  assert.equal(
    role(
      'city',
      range(30).map((i) => `city${i % 20}`),
    ),
    'category',
  );
});

test('a column that the user names is used, and numbers become categories when told', () => {
  assert.equal(role('id', range(100), { isNamed: true }), 'number');
  assert.equal(role('name', ['Ann', 'Bob', 'Cid'], { isNamed: true }), 'category');
  assert.equal(role('zip', [10115, 20095], { isCategorical: true }), 'category');
});

test('texts that are all dates with the year first are dates', () => {
  assert.equal(role('at', ['2013-01-01T10:00:00Z', '2013-01-02T11:00:00Z', null]), 'date');
  assert.equal(role('日期', ['2024/1/5', '2024/1/6']), 'date');
  assert.equal(role('at', ['2024-01-05', 'soon', '2024-01-05', 'soon']), 'category');
});

test('a text among numbers is refused by column, row and cell', () => {
  const pattern = /Column 'area' holds numbers, but data row 3 holds "abc"/;
  assert.throws(() => role('area', ['100', '150', 'abc', '80']), pattern);
  const many = [...range(100).map(String), '?', '?'];
  assert.throws(() => role('power', many), /Column 'power' holds numbers, but data row 101 holds "\?"/);
});

test('numbers with other marks than were told are refused with the mark', () => {
  const commas = ['1,5', '2,5', '3', '4,25'];
  assert.throws(
    () => role('size', commas),
    /'size' holds numbers with a decimal comma \(data row 1: "1,5"\)/,
  );
  const grouped = ['900', '1,200', '3,450', '1,234,567'];
  assert.throws(
    () => role('price', grouped),
    /'price' holds numbers with a mark between thousands \(data row 2: "1,200"\)/,
  );
  assert.throws(() => role('price', ['1.234,56', '999,10', '7,00']), /decimal comma/);
  assert.equal(role('tags', ['a,b', '1,2', 'c', 'a,b', 'c', 'd,e']), 'category');
});

test('few texts that recur among numbers are categories, and digits alone stay text', () => {
  assert.equal(
    role('dependents', ['0', '1', '2', '3+', '0', '1', '2', '3+', '0', '0', '0', '0']),
    'category',
  );
  assert.equal(role('code', ['007', '008', '007', '008']), 'category');
  assert.equal(role('area', ['100', '150', 'abc', '80'], { isCategorical: true }), 'category');
});

test('an infinity is refused by column and row', () => {
  assert.throws(() => role('x', [1, Number.NEGATIVE_INFINITY]), /Column 'x' is -Infinity in data row 2/);
});
