import assert from 'node:assert/strict';
import {test} from 'node:test';

import {EVERYTHING, ordersIn, requestsFor} from '../requests.js';
import {gids} from './tagdock.js';

test('a selection goes in requests of at most 250 orders, in its order', () => {
  const ids = gids(600);
  const requests = requestsFor(ids);
  assert.deepEqual(requests.map((request) => request.ids.length), [250, 250, 100]);
  assert.deepEqual(requests.flatMap((request) => request.ids), ids);
});

test('exactly 250 orders are one request, none are no request', () => {
  assert.equal(requestsFor(gids(250)).length, 1);
  assert.deepEqual(requestsFor([]), []);
});

test('an order that is selected twice is sent once', () => {
  assert.deepEqual(requestsFor([...gids(2), ...gids(2)]), [{ids: gids(2)}]);
});

test('the orders in requests are counted; everything names none', () => {
  assert.equal(ordersIn(requestsFor(gids(251))), 251);
  assert.equal(ordersIn(EVERYTHING), 0);
});
