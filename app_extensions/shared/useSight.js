import {useEffect, useState} from 'preact/hooks';

import {UNKNOWN, watchOrder} from './watching.js';

/** @import {Api} from './api.js' */
/** @import {Clock} from './following.js' */
/** @import {Sight} from './watching.js' */

/**
 * What is known of an order, kept up to date for a while, and a function that begins anew:
 * `eager` when a change is expected. What was known stays until there is a newer answer.
 *
 * @param {Api} api
 * @param {string} id
 * @param {Clock} clock
 * @returns {[Sight, (eager: boolean) => void]}
 */
export function useSight(api, id, clock) {
  const [sight, setSight] = useState(UNKNOWN);
  const [turn, setTurn] = useState({eager: false, before: UNKNOWN});
  useEffect(() => {
    const stop = new AbortController();
    void watchOrder(api, id, setSight, clock, {...turn, signal: stop.signal});
    return () => stop.abort();
  }, [id, turn]);
  return [sight, (eager) => setTurn({eager, before: sight})];
}
