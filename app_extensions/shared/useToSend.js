import {useEffect, useState} from 'preact/hooks';

import {apiOf} from './host.js';

/** @import {Host} from './host.js' */
/** @import {ToSend} from './values.js' */

/**
 * What there is to send, and whether it would go; null while that is not known.
 *
 * @param {Host} host
 */
export function useToSend(host) {
  const [found, setFound] = useState(/** @type {ToSend | null} */ (null));
  useEffect(() => {
    apiOf(host).toSend().then(setFound, () => {});
  }, []);
  return found;
}
