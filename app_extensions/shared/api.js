/**
 * Tagdock's staff actions as functions. Inside the admin a relative address goes to the app and
 * carries the person's ID token. Every function throws a `Failure` and nothing else.
 */

import {asFailure, Failure, failureFor} from './failure.js';

/** @import {OrderStatus, Receipt, Request, Run, ToSend} from './values.js' */
/** @typedef {(path: string, options: RequestInit) => Promise<Response>} Fetch */
/** @typedef {ReturnType<typeof createApi>} Api */

/** An answer that takes longer than this many milliseconds counts as none. */
export const PATIENCE = 20_000;

/**
 * @param {string} language  The one Tagdock's own sentences come in.
 * @param {Fetch} [fetchFrom]  Where requests go; the admin's own `fetch` unless told.
 */
export function createApi(language, fetchFrom = (path, options) => fetch(path, options)) {
  const headers = {'Accept-Language': language};
  /** @param {string} path @param {object} body */
  const post = (path, body) => ask(fetchFrom, path, postOptions(headers, body));
  /** @param {string} path @param {number} [patience] */
  const get = (path, patience) => ask(fetchFrom, path, {headers}, patience);

  return {
    /** @param {Request} request @returns {Promise<Receipt>} */
    send: (request) => post('/api/orders/send', request),

    /** What there is to send, and whether it would go. @returns {Promise<ToSend>} */
    toSend: () => get('/api/orders/to-send'),

    /** @param {string} id @returns {Promise<{run: string}>} */
    askWarehouse: (id) => post('/api/orders/status', {ids: [id]}),

    /** Puts an order into automation. @param {string} id @returns {Promise<{run: string}>} */
    add: (id) => post('/api/orders/add', {ids: [id]}),

    /** @param {string} run @param {string | null} [cursor] @returns {Promise<Run>} */
    run: (run, cursor = null) => get(runPath(run, cursor)),

    /** @param {string} id @param {number} [patience] @returns {Promise<OrderStatus>} */
    orderStatus: (id, patience) =>
      get(`/api/orders/status?id=${encodeURIComponent(id)}`, patience),
  };
}

/** @param {Record<string, string>} headers @param {object} body @returns {RequestInit} */
function postOptions(headers, body) {
  return {
    method: 'POST',
    headers: {...headers, 'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  };
}

/** @param {string} run @param {string | null} cursor */
function runPath(run, cursor) {
  const path = `/api/runs/${encodeURIComponent(run)}`;
  return cursor ? `${path}?cursor=${encodeURIComponent(cursor)}` : path;
}

/**
 * @param {Fetch} fetchFrom
 * @param {string} path
 * @param {RequestInit} options
 * @param {number} [patience]
 */
async function ask(fetchFrom, path, options, patience = PATIENCE) {
  try {
    const response = await fetchFrom(path, {...options, signal: AbortSignal.timeout(patience)});
    const body = await bodyOf(response);
    if (!response.ok) throw failureFor(response.status, body);
    if (body === null) throw new Failure('unreachable');
    return body;
  } catch (thrown) {
    throw asFailure(thrown);
  }
}

/** The JSON of an answer, null when it is something else. @param {Response} response */
async function bodyOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
