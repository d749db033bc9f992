/** Watches runs until they are done, and says how far they are meanwhile. */

import {asFailure} from './failure.js';

/** @import {Api} from './api.js' */
/** @import {Run} from './values.js' */
/** @typedef {{wait: (milliseconds: number) => Promise<void>, now: () => number}} Clock */

/** After this many unanswered questions in a row, watching stops and a person may resume it. */
export const MOST_MISSES = 3;

/** The real clock. @type {Clock} */
export const CLOCK = {
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: () => Date.now(),
};

/**
 * Milliseconds until the next question: 2 s, and 5 s once half a minute has passed.
 *
 * @param {number} elapsed  Milliseconds since watching began.
 */
export function pauseAfter(elapsed) {
  return elapsed < 30_000 ? 2_000 : 5_000;
}

/**
 * Asks until every run is done. Reports after each round; returns the runs with all their items.
 * Throws the last `Failure` after three rounds in a row without an answer, and an expired
 * session at once.
 *
 * @param {Api} api
 * @param {string[]} names  The runs' ids.
 * @param {(runs: Run[]) => void} report
 * @param {Clock} clock
 * @returns {Promise<Run[]>}
 */
export async function follow(api, names, report, clock) {
  const begun = clock.now();
  /** @type {Map<string, Run>} */
  const seen = new Map();
  let misses = 0;
  while (names.some((name) => seen.get(name)?.state !== 'done')) {
    await clock.wait(pauseAfter(clock.now() - begun));
    misses = await askOnce(api, names, seen, misses);
    report([...seen.values()]);
  }
  return [...seen.values()];
}

/**
 * One round; returns how many rounds in a row went unanswered.
 *
 * @param {Api} api
 * @param {string[]} names
 * @param {Map<string, Run>} seen
 * @param {number} misses
 */
async function askOnce(api, names, seen, misses) {
  try {
    for (const name of names) {
      if (seen.get(name)?.state !== 'done') seen.set(name, await read(api, name));
    }
    return 0;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind === 'expired' || misses + 1 >= MOST_MISSES) throw failure;
    return misses + 1;
  }
}

/**
 * A run; with every page of its items once it is done.
 *
 * @param {Api} api
 * @param {string} name
 * @returns {Promise<Run>}
 */
export async function read(api, name) {
  const run = await api.run(name);
  const items = [...run.items];
  let cursor = run.state === 'done' ? run.next_cursor : null;
  while (cursor) {
    const page = await api.run(name, cursor);
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return {...run, items};
}
