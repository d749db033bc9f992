import assert from 'node:assert/strict';
import {test} from 'node:test';

import {blocking} from '../reasons.js';
import {latest, nameOf, summarise} from '../summary.js';
import {gid} from './tagdock.js';

const item = (number, outcome, reason = null, message = null) => ({
  id: gid(number), name: `#${number}`, outcome, reason, message,
});

test('outcomes come best first, reasons commonest first', () => {
  const sums = summarise([
    item(1, 'failed', 'sku-unknown', 'Unknown SKU TS-M.'),
    item(2, 'skipped', 'age'),
    item(3, 'skipped', 'paid'),
    item(4, 'skipped', 'paid'),
    item(5, 'sent'),
  ]);
  assert.deepEqual(sums.map((sum) => [sum.outcome, sum.count]), [['sent', 1], ['skipped', 3], ['failed', 1]]);
  assert.deepEqual(sums[1].causes.map((cause) => [cause.reason, cause.names]), [
    ['paid', ['#3', '#4']],
    ['age', ['#2']],
  ]);
});

test('ten orders are named for a reason, the others counted', () => {
  const items = Array.from({length: 250}, (_, index) => item(index, 'skipped', 'paid'));
  const [{causes: [cause]}] = summarise(items);
  assert.equal(cause.names.length, 10);
  assert.equal(cause.more, 240);
});

test("the warehouse's words tell failures apart that share a code", () => {
  const [{causes}] = summarise([
    item(1, 'failed', 'sku-unknown', 'Unknown SKU A.'),
    item(2, 'failed', 'sku-unknown', 'Unknown SKU B.'),
  ]);
  assert.deepEqual(causes.map((cause) => cause.message), ['Unknown SKU A.', 'Unknown SKU B.']);
});

test('orders of one gate share a line; a message stays only when it is the same for all', () => {
  const [{causes}] = summarise([
    item(1, 'waiting', 'sku', 'Line 1 has no SKU.'),
    item(2, 'waiting', 'sku', 'Line 2 has no SKU.'),
  ]);
  assert.deepEqual(causes.map(({reason, message, count}) => [reason, message, count]), [['sku', null, 2]]);
});

test('the last word on an order counts, and it counts once', () => {
  assert.deepEqual(latest([item(1, 'waiting', 'paid'), item(1, 'sent')]), [item(1, 'sent')]);
});

test('an order that the warehouse has as it is counts apart from those that were sent', () => {
  const sums = summarise([item(1, 'sent', 'unchanged', 'The warehouse has it; nothing changed.'), item(2, 'sent')]);
  assert.deepEqual(sums.map((sum) => [sum.outcome, sum.count, sum.causes]), [['sent', 1, []], ['unchanged', 1, []]]);
});

test('an order without a name is called by its number', () => {
  assert.equal(nameOf({id: gid(42), name: null}), '42');
  assert.equal(nameOf({id: gid(42), name: '#1001'}), '#1001');
});

test('what a person overrides does not block, nor what passed', () => {
  const gates = [
    {gate: 'automatic', ok: false, message: null},
    {gate: 'paid', ok: false, message: null},
    {gate: 'sku', ok: true, message: null},
  ];
  assert.deepEqual(blocking(gates).map((gate) => gate.gate), ['paid']);
});
