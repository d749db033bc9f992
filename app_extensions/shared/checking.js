/** Asks the warehouse about one order, and says what that settled. */

import {asFailure} from './failure.js';
import {follow} from './following.js';

/** @import {Api} from './api.js' */
/** @import {Failure} from './failure.js' */
/** @import {Clock} from './following.js' */
/** @import {Item, OrderStatus} from './values.js' */

/**
 * @typedef {object} Verdict
 * @property {'synced' | 'syncing' | 'resent' | 'error' | 'waiting' | 'failure'} kind
 * @property {string | null} message  Tagdock's or the warehouse's words.
 * @property {boolean} late  Whether the warehouse takes too long with it.
 * @property {string | null} job  The warehouse's id of the work.
 * @property {number} at  When this was known, in milliseconds.
 * @property {number | null} since  Since when the warehouse has the order.
 * @property {Failure | null} failure
 */

/** A run item's reason when the warehouse never got the order and it was sent again. */
export const NEVER_RECEIVED = 'never_received';
/** A run item's reason when the warehouse has worked on the order for too long. */
export const OVERDUE = 'overdue';

/** @type {Record<OrderStatus['state'], Verdict['kind']>} */
const VERDICTS = {
  synced: 'synced', syncing: 'syncing', error: 'error', no_sync: 'waiting', untracked: 'waiting',
};

/**
 * What is known once the warehouse was asked. Never throws.
 *
 * @param {Api} api
 * @param {string} id  The order's gid.
 * @param {Clock} clock
 * @returns {Promise<Verdict>}
 */
export async function check(api, id, clock) {
  try {
    const {run} = await api.askWarehouse(id);
    const runs = await follow(api, [run], () => {}, clock);
    const item = runs.flatMap((each) => each.items).find((each) => each.id === id);
    return verdictOf(await api.orderStatus(id), item, clock.now());
  } catch (thrown) {
    const failure = asFailure(thrown);
    return {kind: 'failure', message: null, late: false, job: null, at: clock.now(), since: null, failure};
  }
}

/** @param {OrderStatus} status @param {Item | undefined} item @param {number} at @returns {Verdict} */
function verdictOf(status, item, at) {
  const late = status.state === 'syncing' && item?.reason === OVERDUE;
  const resent = status.state === 'syncing' && item?.reason === NEVER_RECEIVED;
  return {
    kind: resent ? 'resent' : VERDICTS[status.state],
    message: late ? item.message : status.message ?? item?.message ?? null,
    late,
    job: status.job,
    at,
    since: status.since ? Date.parse(status.since) : null,
    failure: null,
  };
}
