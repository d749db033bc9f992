/** Keeps an eye on one order for a while. */

import {asFailure} from './failure.js';
import {MOST_MISSES} from './following.js';

/** @import {Api} from './api.js' */
/** @import {Failure} from './failure.js' */
/** @import {Clock} from './following.js' */
/** @import {OrderStatus} from './values.js' */

/**
 * @typedef {object} Sight  What is known of an order.
 * @property {OrderStatus | null} status  As last told; null while Tagdock told nothing.
 * @property {boolean} unseen  Tagdock said that it doesn't know the order.
 * @property {Failure | null} failure  Why there is no newer answer.
 * @property {boolean} live  Whether Tagdock will be asked again without a person's doing.
 * @property {number} at  When this was known, in milliseconds.
 *
 * @typedef {object} Watch
 * @property {boolean} eager  A change is expected, whatever the state.
 * @property {Sight} before  What is known already.
 * @property {AbortSignal} signal  Ends it.
 */

/** So many milliseconds after the last change nobody seems to wait for another. */
const LIVE_FOR = 120_000;

/** The pause, in milliseconds, before an order is asked after again while it moves, and at rest. */
const MOVING_PAUSE = 5_000;
const RESTING_PAUSE = 15_000;

/** Before the first answer. @type {Sight} */
export const UNKNOWN = {status: null, unseen: false, failure: null, live: true, at: 0};

/**
 * Asks about an order again and again, and reports after each answer: until nothing changed for two
 * minutes, three questions in a row went unanswered, the session ended, or the signal says so.
 * Never throws.
 *
 * @param {Api} api
 * @param {string} id
 * @param {(sight: Sight) => void} report
 * @param {Clock} clock
 * @param {Watch} watch
 */
export async function watchOrder(api, id, report, clock, {eager, before: known, signal}) {
  let sight = {...known, live: true};
  let changed = clock.now();
  for (let misses = 0; sight.live; await clock.wait(pauseAfter(sight, eager))) {
    if (signal.aborted) return;
    const before = sight;
    sight = await look(api, id, before, clock);
    misses = sight.failure ? misses + 1 : 0;
    if (stateOf(sight) !== stateOf(before)) changed = clock.now();
    sight.live = goesOn(sight, misses) && clock.now() - changed < LIVE_FOR;
    if (!signal.aborted) report(sight);
  }
}

/**
 * One question. What was known stays known when it is not answered.
 *
 * @param {Api} api
 * @param {string} id
 * @param {Sight} before
 * @param {Clock} clock
 * @returns {Promise<Sight>}
 */
async function look(api, id, before, clock) {
  try {
    return {...UNKNOWN, status: await api.orderStatus(id), at: clock.now()};
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind === 'missing') return {...UNKNOWN, unseen: true, at: clock.now()};
    return {...before, failure};
  }
}

/** Whether asking again makes sense. @param {Sight} sight @param {number} misses */
function goesOn({failure}, misses) {
  return failure?.kind !== 'expired' && misses < MOST_MISSES;
}

/** @param {Sight} sight */
function stateOf({status, unseen}) {
  return unseen ? 'unseen' : status?.state;
}

/** @param {Sight} sight @param {boolean} eager */
function pauseAfter({status, live}, eager) {
  if (!live) return 0;
  return eager || status?.state === 'syncing' ? MOVING_PAUSE : RESTING_PAUSE;
}
