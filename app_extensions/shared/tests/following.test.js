import assert from 'node:assert/strict';
import {test} from 'node:test';

import {follow, MOST_MISSES, pauseAfter, read} from '../following.js';
import {fastClock, gids, ordinary, startTagdock} from './tagdock.js';

async function withRun(options, count, work) {
  const world = await startTagdock(options);
  try {
    const {run} = await world.api.send({ids: gids(count)});
    await work(world, run);
  } finally {
    await world.stop();
  }
}

test('runs are asked every 2 s, after half a minute every 5 s', async () => {
  assert.equal(pauseAfter(0), 2_000);
  assert.equal(pauseAfter(29_999), 2_000);
  assert.equal(pauseAfter(30_000), 5_000);
  await withRun({perQuestion: 1}, 18, async ({api}, run) => {
    const clock = fastClock();
    await follow(api, [run], () => {}, clock);
    assert.deepEqual(clock.waits, [...Array(15).fill(2_000), ...Array(3).fill(5_000)]);
  });
});

test('each round reports how far the run is', async () => {
  await withRun({perQuestion: 50}, 120, async ({api}, run) => {
    const reports = [];
    await follow(api, [run], (runs) => reports.push(runs[0].done), fastClock());
    assert.deepEqual(reports, [50, 100, 120]);
  });
});

test('a finished run is read to its last page, each item once', async () => {
  await withRun({perQuestion: 1000}, 500, async ({api, tagdock}, run) => {
    tagdock.page = 200;
    const {items} = await read(api, run);
    assert.deepEqual(items.map((item) => item.id), gids(500));
  });
});

test('a run that is done is not asked again while another runs', async () => {
  await withRun({perQuestion: 2}, 2, async ({api, tagdock}, short) => {
    const {run: long} = await api.send({ids: gids(6)});
    await follow(api, [short, long], () => {}, fastClock());
    const asked = tagdock.asked.filter((request) => request.path.endsWith(short));
    assert.equal(asked.length, 1);
  });
});

test('a question that goes unanswered is asked again', async () => {
  await withRun({perQuestion: 10}, 10, async ({api, tagdock}, run) => {
    tagdock.answers[`GET /api/runs/${run}`] = [() => null, () => [503, {error: 'Busy.'}], ordinary];
    const [finished] = await follow(api, [run], () => {}, fastClock());
    assert.equal(finished.state, 'done');
  });
});

test('watching ends after three unanswered questions in a row', async () => {
  await withRun({}, 10, async ({api, tagdock}, run) => {
    tagdock.answers[`GET /api/runs/${run}`] = [() => null];
    await assert.rejects(() => follow(api, [run], () => {}, fastClock()), {kind: 'unreachable'});
    assert.equal(tagdock.asked.filter((request) => request.method === 'GET').length, MOST_MISSES);
  });
});

test('an expired session ends watching at once', async () => {
  await withRun({}, 10, async ({api, tagdock}, run) => {
    tagdock.answers[`GET /api/runs/${run}`] = [() => [401, {error: 'expired'}]];
    await assert.rejects(() => follow(api, [run], () => {}, fastClock()), {kind: 'expired'});
    assert.equal(tagdock.asked.filter((request) => request.method === 'GET').length, 1);
  });
});
