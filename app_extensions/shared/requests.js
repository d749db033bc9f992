/** How a selection is cut into requests that Tagdock accepts. */

/** @import {Request} from './values.js' */

/** Tagdock, like Shopify, takes at most this many orders in one request. */
export const MOST_IDS = 250;

/** One request for every order that is tagged to send. @type {Request[]} */
export const EVERYTHING = [{all: 'no-sync'}];

/**
 * The requests that send these orders, in their order, each order once.
 *
 * @param {string[]} ids
 * @returns {Request[]}
 */
export function requestsFor(ids) {
  const unique = [...new Set(ids)];
  const count = Math.ceil(unique.length / MOST_IDS);
  return Array.from({length: count}, (_, index) => ({
    ids: unique.slice(index * MOST_IDS, (index + 1) * MOST_IDS),
  }));
}

/**
 * How many orders the requests name; *everything* names none.
 *
 * @param {Request[]} requests
 */
export function ordersIn(requests) {
  return requests.reduce((sum, request) => sum + ('ids' in request ? request.ids.length : 0), 0);
}
