import assert from 'node:assert/strict';
import {after, before, beforeEach, test} from 'node:test';

import {UNKNOWN, watchOrder} from '../watching.js';
import {fastClock, gid, startTagdock} from './tagdock.js';

const ORDER = gid(1);
let world;
before(async () => { world = await startTagdock(); });
after(() => world.stop());
beforeEach(() => { world.tagdock.answers = {}; world.tagdock.asked = []; });

const status = (state) => [200, {state, job: null, message: null, gates: []}];
const answering = (...functions) => { world.tagdock.answers['GET /api/orders/status'] = functions; };
const told = (...states) => answering(...states.map((state) => () => status(state)));
const broken = () => null;
const expired = () => [401, {error: 'Reload.'}];
const unseen = () => [404, {error: 'Not seen.'}];

async function watched({eager = false, before = UNKNOWN, signal = new AbortController().signal, seen = []} = {}) {
  const clock = fastClock();
  await watchOrder(world.api, ORDER, (sight) => seen.push(sight), clock, {eager, before, signal});
  return {seen, clock, last: seen.at(-1)};
}

test('an order that moves is asked after every five seconds, for two minutes', async () => {
  told('syncing');
  const {seen, clock, last} = await watched();
  assert.deepEqual(new Set(clock.waits.slice(0, -1)), new Set([5_000]));
  assert.equal(last.at, 120_000);
  assert.deepEqual([seen.at(-2).live, last.live, last.status.state], [true, false, 'syncing']);
});

test('an order at rest is asked after less often', async () => {
  told('synced');
  const {clock} = await watched();
  assert.deepEqual(new Set(clock.waits.slice(0, -1)), new Set([15_000]));
});

test('when a change is expected an order at rest is watched closely', async () => {
  told('no_sync');
  const {clock} = await watched({eager: true});
  assert.equal(clock.waits[0], 5_000);
});

test('a change begins two new minutes', async () => {
  told('syncing', 'syncing', 'synced');
  const {last} = await watched();
  assert.equal(last.at, 2 * 5_000 + 120_000);
});

test('an order that Tagdock has not seen may still arrive', async () => {
  answering(unseen, () => status('no_sync'));
  const {seen} = await watched();
  assert.deepEqual([seen[0].unseen, seen[0].failure, seen[0].live], [true, null, true]);
  assert.deepEqual([seen[1].unseen, seen[1].status.state], [false, 'no_sync']);
});

test('what was known stays known while Tagdock is silent; after three misses a person decides', async () => {
  answering(() => status('syncing'), broken);
  const {seen, last} = await watched();
  assert.deepEqual(seen.map((sight) => sight.live), [true, true, true, false]);
  assert.deepEqual([last.status.state, last.failure.kind], ['syncing', 'unreachable']);
});

test('beginning anew forgets nothing until there is an answer', async () => {
  answering(broken);
  const before = {...UNKNOWN, status: {state: 'synced'}, live: false};
  const {seen} = await watched({before});
  assert.deepEqual([seen[0].status.state, seen[0].live], ['synced', true]);
});

test('an answer after a miss mends it', async () => {
  answering(broken, broken, () => status('synced'));
  const {seen} = await watched();
  assert.equal(seen[1].failure.kind, 'unreachable');
  assert.equal(seen[2].failure, null);
});

test('an expired session ends it at once', async () => {
  answering(expired);
  const {seen, last} = await watched();
  assert.deepEqual([seen.length, last.live, last.failure.kind], [1, false, 'expired']);
});

test('what is ended says and asks nothing more', async () => {
  told('syncing');
  const stop = new AbortController();
  const seen = [];
  seen.push = (sight) => {
    if (Array.prototype.push.call(seen, sight) === 3) stop.abort();
  };
  await watched({signal: stop.signal, seen});
  assert.deepEqual([seen.length, world.tagdock.asked.length], [3, 3]);
});
