/**
 * A send from click to summary, without a screen: requests go out one after the other, then their
 * runs are watched. What happened so far is one value that can be taken up again: a failed request
 * leaves itself and those behind it, and what already went is never asked for twice.
 */

import {asFailure} from './failure.js';
import {follow} from './following.js';
import {ordersIn} from './requests.js';

/** @import {Api} from './api.js' */
/** @import {Failure} from './failure.js' */
/** @import {Clock} from './following.js' */
/** @import {Item, Receipt, Request, Run} from './values.js' */

/**
 * @typedef {object} Sending
 * @property {'ready' | 'posting' | 'following' | 'finished'} phase
 * @property {Request[]} left  Requests that have not been accepted.
 * @property {string[]} runs
 * @property {number} queued  Orders accepted for sending.
 * @property {Item[]} skipped  Orders turned away at once.
 * @property {Item[]} items  What became of the others, as far as known.
 * @property {number} total
 * @property {number} done
 * @property {string | null} paused  Why nothing goes on for now.
 * @property {Failure | null} failure  Why `left` did not go.
 * @property {Failure | null} blind  Why the runs can't be watched; they continue without us.
 *
 * @typedef {(sending: Sending) => void} Report
 */

/**
 * The value before anything was sent; finished already when there is nothing to send.
 *
 * @param {Request[]} requests
 * @returns {Sending}
 */
export function ready(requests) {
  return {
    phase: requests.length ? 'ready' : 'finished', left: requests, runs: [], queued: 0, skipped: [], items: [],
    total: 0, done: 0, paused: null, failure: null, blind: null,
  };
}

/**
 * Sends what is left and watches every run; reports each step, never throws.
 *
 * @param {Api} api
 * @param {Sending} sending
 * @param {Report} report
 * @param {Clock} clock
 * @returns {Promise<Sending>}
 */
export async function send(api, sending, report, clock) {
  const posted = await post(api, {...sending, phase: 'posting', failure: null}, report);
  const watched = await watch(api, {...posted, phase: 'following', blind: null}, report, clock);
  return tell(report, {...watched, phase: 'finished'});
}

/** Whether a finished send found no order at all. @param {Sending} sending */
export function foundNothing(sending) {
  const {phase, left, queued, skipped} = sending;
  return phase === 'finished' && left.length + queued + skipped.length === 0;
}

/** How many named orders have not gone. @param {Sending} sending */
export function ordersLeft(sending) {
  return ordersIn(sending.left);
}

/** @param {Api} api @param {Sending} begun @param {Report} report */
async function post(api, begun, report) {
  let sending = tell(report, begun);
  for (const request of begun.left) {
    try {
      sending = tell(report, accepted(sending, await api.send(request)));
    } catch (thrown) {
      return {...sending, failure: asFailure(thrown)};
    }
  }
  return sending;
}

/** @param {Sending} sending @param {Receipt} receipt @returns {Sending} */
function accepted(sending, receipt) {
  const queued = sending.queued + receipt.queued;
  const turnedAway = receipt.skipped.map((item) => ({...item, outcome: /** @type {const} */ ('skipped')}));
  return {
    ...sending,
    left: sending.left.slice(1),
    runs: receipt.run ? [...sending.runs, receipt.run] : sending.runs,
    queued,
    total: queued,
    skipped: [...sending.skipped, ...turnedAway],
  };
}

/** @param {Api} api @param {Sending} begun @param {Report} report @param {Clock} clock */
async function watch(api, begun, report, clock) {
  let sending = tell(report, begun);
  if (begun.queued === 0) return sending;
  try {
    await follow(api, begun.runs, (runs) => {
      sending = tell(report, progressed(sending, runs));
    }, clock);
    return sending;
  } catch (thrown) {
    return {...sending, blind: asFailure(thrown)};
  }
}

/** @param {Sending} sending @param {Run[]} runs @returns {Sending} */
function progressed(sending, runs) {
  const done = runs.reduce((sum, run) => sum + run.done, 0);
  const total = runs.reduce((sum, run) => sum + run.total, 0);
  const items = runs.flatMap((run) => run.items);
  const paused = runs.find((run) => run.paused)?.paused?.message ?? null;
  return {...sending, items, done, paused, total: Math.max(total, done, sending.total)};
}

/** @param {Report} report @param {Sending} sending */
function tell(report, sending) {
  report(sending);
  return sending;
}
