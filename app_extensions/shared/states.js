/** The states of an order in words: its badge, and one line for a folded card. */

import {failing} from './gates.js';

/** @import {Translate} from './host.js' */
/** @import {OrderStatus} from './values.js' */
/** @import {Sight} from './watching.js' */

/** How each state's badge looks. */
export const BADGES = /** @type {const} */ ({
  untracked: {tone: 'neutral', icon: 'circle-dashed'},
  no_sync: {tone: 'info', icon: 'clock'},
  syncing: {tone: 'caution', icon: 'refresh'},
  synced: {tone: 'success', icon: 'check-circle'},
  error: {tone: 'critical', icon: 'alert-circle'},
});

/** States of a warehouse order whose words stand in the locale files. */
const WAREHOUSE_STATES = new Set([
  'planned', 'sending', 'awaiting', 'accepted', 'rejected', 'cancelling', 'cancelled', 'superseded',
  'done',
]);

/**
 * One line of at most 30 characters for the card when it is folded.
 *
 * @param {Sight} sight
 * @param {Translate} t
 */
export function folded({status, unseen, failure}, t) {
  if (status) return foldedStatus(status, t);
  if (unseen) return t('summary.unseen');
  return failure ? t('summary.failure') : '';
}

/** @param {OrderStatus} status @param {Translate} t */
function foldedStatus(status, t) {
  const cut = cutOff(status);
  return cut ? t(`summary.${cut}`) : progress(status, t);
}

/**
 * Why the order gets nowhere although nothing is wrong with it; null when the warehouse can be
 * reached, or need not be.
 *
 * @param {OrderStatus} status
 */
function cutOff(status) {
  const paused = failing(status).some(({gate}) => gate === 'connection');
  if (paused && status.connection === 'refused') return 'refused';
  if (status.state !== 'syncing') return null;
  if (paused) return 'paused';
  return status.connection === 'unreachable' ? 'unreachable' : null;
}

/** @param {OrderStatus} status @param {Translate} t */
function progress(status, t) {
  const closed = failing(status).length;
  if (status.state === 'no_sync' && closed > 0) {
    return t('summary.blocked', {closed, total: status.gates.length});
  }
  const count = status.warehouse_orders?.length ?? 0;
  if (status.state === 'synced' && count > 0) return t('summary.synced', {count});
  return t(`state.${status.state}`);
}

/**
 * The state of a warehouse order in words; as it came when there are none.
 *
 * @param {string} state
 * @param {Translate} t
 */
export function warehouseState(state, t) {
  return WAREHOUSE_STATES.has(state) ? t(`warehouse.${state}`) : state;
}
