/** Sums up what became of many orders: by outcome, then by reason, with some of their names. */

/** @import {Item, Outcome} from './values.js' */

/**
 * @typedef {object} Cause  Orders that share an outcome and its reason.
 * @property {string | null} reason
 * @property {string | null} message  The sentence they share; null where theirs differ.
 * @property {number} count
 * @property {string[]} names  At most ten.
 * @property {number} more  How many go unnamed.
 *
 * @typedef {object} Sum  Orders that share an outcome.
 * @property {Told} outcome
 * @property {number} count
 * @property {Cause[]} causes  The commonest first; none for orders that are there.
 *
 * @typedef {Outcome | 'unchanged'} Told  An outcome as a person is told it. `unchanged`: the
 *   warehouse had the order as it is, so nothing was sent.
 */

/** This many orders are named for each reason. */
export const MOST_NAMES = 10;

/** This many reasons are told one by one. */
export const MOST_CAUSES = 10;

/** @type {Told[]} */
const OUTCOMES = ['sent', 'unchanged', 'waiting', 'skipped', 'failed'];

/** Outcomes that need no reason. @type {ReadonlySet<Told>} */
const THERE = new Set(['sent', 'unchanged']);

/**
 * Each order once, in the order of first mention; a later word on an order replaces an earlier.
 *
 * @param {Item[]} items
 */
export function latest(items) {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

/**
 * The sums of the outcomes that occur, best first.
 *
 * @param {Item[]} items
 * @returns {Sum[]}
 */
export function summarise(items) {
  const unique = latest(items);
  return OUTCOMES.map((outcome) => {
    const those = unique.filter((item) => toldOf(item) === outcome);
    return {outcome, count: those.length, causes: THERE.has(outcome) ? [] : causesOf(those)};
  }).filter((sum) => sum.count > 0);
}

/** @param {Item} item @returns {Told} */
function toldOf({outcome, reason}) {
  return outcome === 'sent' && reason === 'unchanged' ? reason : outcome;
}

/**
 * What an order is called: its name, else the number at the end of its gid.
 *
 * @param {Pick<Item, 'id' | 'name'>} item
 */
export function nameOf(item) {
  return item.name ?? item.id.slice(item.id.lastIndexOf('/') + 1);
}

/** @param {Item[]} items @returns {Cause[]} */
function causesOf(items) {
  const groups = new Map();
  for (const item of items) {
    const key = causeKey(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map(causeOf).sort((one, other) => other.count - one.count);
}

/**
 * The warehouse's words tell failures apart; a gate's name tells waiting and skipped orders apart.
 *
 * @param {Item} item
 */
function causeKey({outcome, reason, message}) {
  return (outcome === 'failed' ? (message ?? reason) : (reason ?? message)) ?? '';
}

/** @param {Item[]} items @returns {Cause} */
function causeOf(items) {
  const messages = new Set(items.map((item) => item.message));
  return {
    reason: items[0]?.reason ?? null,
    message: messages.size === 1 ? (items[0]?.message ?? null) : null,
    count: items.length,
    names: items.slice(0, MOST_NAMES).map(nameOf),
    more: Math.max(0, items.length - MOST_NAMES),
  };
}
