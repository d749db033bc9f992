import {useEffect, useMemo, useState} from 'preact/hooks';

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
 * @returns {[Sight, (how: {eager: boolean}) => void]}
 */
export function useSight(api, id, clock) {
  const [sight, setSight] = useState(UNKNOWN);
  const [turn, setTurn] = useState({eager: false});
  const stop = useMemo(() => new AbortController(), [turn]);
  useEffect(() => {
    void watchOrder(api, id, setSight, clock, {eager: turn.eager, signal: stop.signal});
    return () => stop.abort();
  }, [id, turn]);
  return [sight, setTurn];
}
