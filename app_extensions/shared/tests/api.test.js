import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {after, before, beforeEach, test} from 'node:test';

import {createApi} from '../api.js';
import {gid, startTagdock} from './tagdock.js';

let world;
before(async () => { world = await startTagdock(); });
after(() => world.stop());
beforeEach(() => { world.tagdock.answers = {}; world.tagdock.asked = []; });

const answering = (...functions) => { world.tagdock.answers['POST /api/orders/send'] = functions; };
const sendOne = () => world.api.send({ids: [gid(1)]});

test('a send posts its ids as JSON and returns the receipt', async () => {
  assert.equal((await sendOne()).queued, 1);
  assert.deepEqual(world.tagdock.asked, [
    {method: 'POST', path: '/api/orders/send', body: {ids: [gid(1)]}},
  ]);
});

test('every request asks for sentences in the language of the extension', async () => {
  world.tagdock.languages.clear();
  world.tagdock.statuses.set(gid(7), {state: 'synced'});
  await sendOne();
  await world.api.orderStatus(gid(7));
  assert.deepEqual([...world.tagdock.languages], ['it']);
});

test('what there is to send, and that it would not go, is asked in one', async () => {
  const found = {count: 2, paused: {message: 'Token rifiutato.'}};
  world.tagdock.answers['GET /api/orders/to-send'] = [() => [200, found]];
  assert.deepEqual(await world.api.toSend(), found);
});

test('an order that Tagdock has not seen is told apart', async () => {
  world.tagdock.answers['GET /api/orders/status'] = [() => [404, {error: 'Not seen yet.'}]];
  await assert.rejects(() => world.api.orderStatus(gid(7)), {kind: 'missing', sentence: 'Not seen yet.'});
});

test('an order id is escaped in an address', async () => {
  world.tagdock.statuses.set(gid(7), {state: 'synced'});
  assert.equal((await world.api.orderStatus(gid(7))).state, 'synced');
});

test("Tagdock's own sentence is kept", async () => {
  answering(() => [503, {error: 'The connection is paused. The token was refused. Replace it.'}]);
  await assert.rejects(sendOne, {
    kind: 'refused',
    sentence: 'The connection is paused. The token was refused. Replace it.',
  });
});

test('an expired session is told apart, whatever the body', async () => {
  answering(() => [401, {error: 'bad token'}]);
  await assert.rejects(sendOne, {kind: 'expired'});
});

for (const [name, answer] of Object.entries({
  'a page instead of JSON': () => [502, '<h1>Bad gateway</h1>'],
  'a success that is no JSON': () => [200, '<h1>Hello</h1>'],
  'an error without a sentence': () => [500, {error: ''}],
  'a broken connection': () => null,
})) {
  test(`${name} counts as no answer`, async () => {
    answering(answer);
    await assert.rejects(sendOne, {kind: 'unreachable', sentence: null});
  });
}

test('an answer that never comes counts as none', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const connections = [];
  silent.on('connection', (socket) => connections.push(socket));
  const origin = `http://127.0.0.1:${silent.address().port}`;
  const api = createApi('it', (path, options) => fetch(origin + path, options));
  await assert.rejects(() => api.orderStatus(gid(1), 50), {kind: 'unreachable'});
  connections.forEach((socket) => socket.destroy());
  silent.close();
});
