import assert from 'node:assert/strict';
import {after, before, beforeEach, test} from 'node:test';

import {check, NEVER_RECEIVED, OVERDUE} from '../checking.js';
import {fastClock, gid, startTagdock} from './tagdock.js';

const ORDER = gid(1);
let world;
before(async () => { world = await startTagdock(); });
after(() => world.stop());
beforeEach(() => { world.tagdock.answers = {}; });

function settledAs(status, item = {}) {
  world.tagdock.statuses.set(ORDER, {job: '7f3c', message: null, gates: [], ...status});
  const told = {id: ORDER, name: '#1', outcome: 'sent', reason: null, message: null, ...item};
  world.tagdock.answers['POST /api/orders/status'] = [() => [202, {run: 'check'}]];
  world.tagdock.answers['GET /api/runs/check'] = [
    () => [200, {state: 'done', total: 1, done: 1, items: [told], next_cursor: null}],
  ];
  return check(world.api, ORDER, fastClock());
}

test('a settled order is synced, since the moment Tagdock names', async () => {
  const verdict = await settledAs({state: 'synced', since: '2026-11-21T10:43:00Z'});
  assert.deepEqual([verdict.kind, verdict.since], ['synced', Date.UTC(2026, 10, 21, 10, 43)]);
});

test('an unsettled order is still syncing, as of now', async () => {
  const verdict = await settledAs({state: 'syncing'}, {outcome: 'waiting'});
  assert.deepEqual([verdict.kind, verdict.at, verdict.job], ['syncing', 2_000, '7f3c']);
});

test('an order that the warehouse takes too long with says what to ask it', async () => {
  const message = 'Ask it what became of job 7f3c.';
  const verdict = await settledAs({state: 'syncing'}, {outcome: 'waiting', reason: OVERDUE, message});
  assert.deepEqual([verdict.kind, verdict.late, verdict.message], ['syncing', true, message]);
});

test('an order that never arrived was sent again', async () => {
  const verdict = await settledAs({state: 'syncing'}, {outcome: 'waiting', reason: NEVER_RECEIVED});
  assert.equal(verdict.kind, 'resent');
});

test("a refused order carries the warehouse's words", async () => {
  const verdict = await settledAs({state: 'error', message: "The warehouse doesn't know SKU TS-M."});
  assert.deepEqual([verdict.kind, verdict.message], ['error', "The warehouse doesn't know SKU TS-M."]);
});

test('an order that left the syncing state meanwhile waits', async () => {
  const verdict = await settledAs({state: 'no_sync', message: 'Not paid.'});
  assert.deepEqual([verdict.kind, verdict.message], ['waiting', 'Not paid.']);
});

test('a failure is told, not thrown', async () => {
  world.tagdock.answers['POST /api/orders/status'] = [() => [503, {error: 'Sending is paused.'}]];
  const verdict = await check(world.api, ORDER, fastClock());
  assert.deepEqual([verdict.kind, verdict.failure.sentence], ['failure', 'Sending is paused.']);
});
