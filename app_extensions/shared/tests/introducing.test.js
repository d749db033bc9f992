import assert from 'node:assert/strict';
import {test} from 'node:test';

import {introducing} from '../introducing.js';

/** A `fetch` that keeps what it is asked, answers with a status, and fails on /api/me if told. */
function remembering({status = 200, fails = false} = {}) {
  const asked = [];
  const fetchFrom = async (path, options) => {
    asked.push(`${options.method ?? 'GET'} ${path}`);
    if (fails && path === '/api/me') throw new TypeError('Failed to fetch');
    return new Response('{}', {status});
  };
  return {asked, fetchFrom: introducing(fetchFrom)};
}

test('whoever does something is introduced once, after it was done', async () => {
  const {asked, fetchFrom} = remembering();
  await fetchFrom('/api/runs/1', {});
  await fetchFrom('/api/orders/send', {method: 'POST'});
  await fetchFrom('/api/orders/status', {method: 'POST'});
  assert.deepEqual(asked, [
    'GET /api/runs/1', 'POST /api/orders/send', 'POST /api/me', 'POST /api/orders/status',
  ]);
});

test('what was refused introduces nobody', async () => {
  const {asked, fetchFrom} = remembering({status: 401});
  await fetchFrom('/api/orders/send', {method: 'POST'});
  assert.deepEqual(asked, ['POST /api/orders/send']);
});

test('an introduction that fails is nobody\'s trouble', async () => {
  const {fetchFrom} = remembering({fails: true});
  const response = await fetchFrom('/api/orders/send', {method: 'POST'});
  assert.equal(response.status, 200);
});
