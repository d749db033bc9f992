import {speaker} from '../host.js';

/** @import {Host} from '../host.js' */
/** @import {ToSend} from '../values.js' */

/**
 * Says before sending that nothing goes for now, and why.
 *
 * @param {{found: ToSend | null, host: Host}} props
 */
export function Paused({found, host}) {
  const why = found?.paused?.message;
  return why ? <s-paragraph>✗ {speaker(host)('progress.paused', {why})}</s-paragraph> : null;
}
