/** A little Tagdock over HTTP, for tests: it keeps runs, and does as many orders a question as told. */

import {once} from 'node:events';
import {createServer} from 'node:http';

import {createApi} from '../api.js';

/**
 * Starts one; returns its state, the API client that talks to it, and `stop`.
 *
 * `answers` maps "POST /api/orders/send" and the like to functions of the request's body that
 * return `[status, body]`, or null to break the connection; each call takes the next function, the
 * last one stays. `asked` lists every request.
 */
export async function startTagdock({perQuestion = 50, waiting = [], answers = {}} = {}) {
  const tagdock = {perQuestion, waiting, answers, runs: new Map(), asked: [], languages: new Set(), statuses: new Map(), page: 200};
  const server = createServer((request, response) => answer(tagdock, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const api = createApi('it', (path, options) => fetch(origin + path, options));
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return {tagdock, api, origin, stop};
}

/** A clock whose waits take no time and are remembered. */
export function fastClock() {
  const clock = {time: 0, waits: []};
  clock.now = () => clock.time;
  clock.wait = async (milliseconds) => {
    clock.waits.push(milliseconds);
    clock.time += milliseconds;
  };
  return clock;
}

export const gid = (number) => `gid://shopify/Order/${number}`;
export const gids = (count, first = 1) => Array.from({length: count}, (_, index) => gid(first + index));

async function answer(tagdock, request, response) {
  const url = new URL(request.url, 'http://tagdock');
  const body = await bodyOf(request);
  tagdock.asked.push({method: request.method, path: url.pathname, body});
  tagdock.languages.add(request.headers['accept-language']);
  const scripted = next(tagdock.answers[`${request.method} ${url.pathname}`]);
  const outcome = (scripted ?? ordinary)(body, tagdock, url, request.method);
  if (outcome === null) return request.socket.destroy();
  const [status, reply] = outcome;
  response.writeHead(status, {'Content-Type': 'application/json'});
  return response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
}

function next(functions) {
  if (!functions) return undefined;
  return functions.length > 1 ? functions.shift() : functions[0];
}

/** What a healthy Tagdock answers. */
export function ordinary(body, tagdock, url, method) {
  if (url.pathname.startsWith('/api/runs/')) return run(tagdock, url);
  if (url.pathname === '/api/orders/send') return [202, begin(tagdock, body.ids ?? tagdock.waiting)];
  if (method === 'POST') return [202, {run: begin(tagdock, body.ids).run}];
  return [200, tagdock.statuses.get(url.searchParams.get('id'))];
}

function begin(tagdock, ids) {
  const run = `run-${tagdock.runs.size + 1}`;
  tagdock.runs.set(run, {ids, done: 0});
  return {run, queued: ids.length, skipped: []};
}

function run(tagdock, url) {
  const each = tagdock.runs.get(decodeURIComponent(url.pathname.split('/').pop()));
  const from = Number(url.searchParams.get('cursor') ?? 0);
  if (from === 0) each.done = Math.min(each.ids.length, each.done + tagdock.perQuestion);
  const until = Math.min(each.done, from + tagdock.page);
  const items = each.ids.slice(from, until).map((id) => ({
    id, name: `#${id.split('/').pop()}`, outcome: 'sent', reason: null, message: null,
  }));
  const state = each.done === each.ids.length ? 'done' : 'running';
  const cursor = until < each.done ? String(until) : null;
  return [200, {state, total: each.ids.length, done: each.done, items, next_cursor: cursor}];
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : null;
}
