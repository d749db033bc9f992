import assert from 'node:assert/strict';
import {test} from 'node:test';

import {EVERYTHING, requestsFor} from '../requests.js';
import {foundNothing, ordersLeft, ready, send} from '../sending.js';
import {summarise} from '../summary.js';
import {fastClock, gid, gids, ordinary, startTagdock} from './tagdock.js';

async function withTagdock(options, work) {
  const world = await startTagdock(options);
  try {
    await work(world);
  } finally {
    await world.stop();
  }
}

async function sendAll(api, sending) {
  const reports = [];
  const finished = await send(api, sending, (each) => reports.push(each), fastClock());
  return {finished, reports};
}

const posts = (tagdock) => tagdock.asked.filter((request) => request.method === 'POST');
const broken = () => null;

test('a thousand orders go in four requests whose sums make a thousand', async () => {
  await withTagdock({perQuestion: 100}, async ({api, tagdock}) => {
    const {finished} = await sendAll(api, ready(requestsFor(gids(1000))));
    assert.equal(posts(tagdock).length, 4);
    assert.deepEqual([finished.done, finished.total, finished.left.length], [1000, 1000, 0]);
    assert.deepEqual(summarise(finished.items), [{outcome: 'sent', count: 1000, causes: []}]);
  });
});

test('progress never goes back and ends at the whole', async () => {
  await withTagdock({perQuestion: 20}, async ({api}) => {
    const {reports} = await sendAll(api, ready(requestsFor(gids(120))));
    const done = reports.map((each) => each.done);
    assert.deepEqual(done, [...done].sort((one, other) => one - other));
    assert.deepEqual([...new Set(done)], [0, 20, 40, 60, 80, 100, 120]);
    assert.equal(reports.at(-1).phase, 'finished');
  });
});

test('a failed request leaves itself and those behind it, and the rest can be sent', async () => {
  await withTagdock({perQuestion: 250}, async ({api, tagdock}) => {
    tagdock.answers['POST /api/orders/send'] = [ordinary, broken, ordinary];
    const {finished: halted} = await sendAll(api, ready(requestsFor(gids(750))));
    assert.equal(ordersLeft(halted), 500);
    assert.equal(halted.failure.kind, 'unreachable');
    assert.equal(halted.items.length, 250);

    const {finished} = await sendAll(api, halted);
    assert.equal(ordersLeft(finished), 0);
    assert.equal(finished.failure, null);
    assert.deepEqual(finished.items.map((item) => item.id).sort(), gids(750).sort());
    const accepted = [...tagdock.runs.values()].flatMap((run) => run.ids);
    assert.equal(new Set(accepted).size, accepted.length);
  });
});

test("a refusal carries Tagdock's sentence and sends nothing further", async () => {
  await withTagdock({}, async ({api, tagdock}) => {
    tagdock.answers['POST /api/orders/send'] = [() => [503, {error: 'Sending is paused.'}]];
    const {finished} = await sendAll(api, ready(requestsFor(gids(600))));
    assert.equal(finished.failure.sentence, 'Sending is paused.');
    assert.equal(ordersLeft(finished), 600);
    assert.equal(posts(tagdock).length, 1);
  });
});

test('everything that waits goes by one request', async () => {
  await withTagdock({waiting: gids(3)}, async ({api, tagdock}) => {
    const {finished} = await sendAll(api, ready(EVERYTHING));
    assert.deepEqual(posts(tagdock)[0].body, {all: 'no-sync'});
    assert.equal(finished.done, 3);
    assert.equal(foundNothing(finished), false);
  });
});

test('nothing to send is told as such, for the whole shop and for an empty selection', async () => {
  await withTagdock({waiting: []}, async ({api}) => {
    const {finished} = await sendAll(api, ready(EVERYTHING));
    assert.equal(foundNothing(finished), true);
  });
  assert.equal(foundNothing(ready([])), true);
  assert.equal(foundNothing(ready(EVERYTHING)), false);
});

test('orders that were turned away at once stand in the sum', async () => {
  await withTagdock({}, async ({api, tagdock}) => {
    const skipped = [{id: gid(1), name: null, reason: 'age', message: 'It is 74 days old.'}];
    tagdock.answers['POST /api/orders/send'] = [() => [202, {run: 'none', queued: 0, skipped}]];
    const {finished} = await sendAll(api, ready(requestsFor([gid(1)])));
    assert.equal(foundNothing(finished), false);
    assert.deepEqual(finished.skipped, [{...skipped[0], outcome: 'skipped'}]);
  });
});

test('a pause is told with its reason for as long as it lasts', async () => {
  await withTagdock({perQuestion: 1}, async ({api, tagdock}) => {
    const paused = (...asked) => {
      const [status, run] = ordinary(...asked);
      return [status, {...run, state: 'running', done: 0, items: [], paused: {message: 'Token refused.'}}];
    };
    tagdock.answers['GET /api/runs/run-1'] = [paused, paused, ordinary];
    const {finished, reports} = await sendAll(api, ready(requestsFor([gid(1)])));
    assert.deepEqual([...new Set(reports.map((each) => each.paused))], [null, 'Token refused.']);
    assert.deepEqual([finished.paused, finished.done], [null, 1]);
  });
});

test('when Tagdock falls silent the send ends blind, and can be watched again', async () => {
  await withTagdock({perQuestion: 5}, async ({api, tagdock}) => {
    tagdock.answers['GET /api/runs/run-1'] = [ordinary, broken, broken, broken, ordinary];
    const {finished: blind} = await sendAll(api, ready(requestsFor(gids(20))));
    assert.equal(blind.blind.kind, 'unreachable');
    assert.equal(blind.done, 5);

    const {finished} = await sendAll(api, blind);
    assert.deepEqual([finished.blind, finished.done], [null, 20]);
    assert.equal(posts(tagdock).length, 1);
  });
});
