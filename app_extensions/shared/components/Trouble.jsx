/** @import {Failure} from '../failure.js' */
/** @import {Translate} from '../host.js' */

/**
 * Why something did not work, in Tagdock's own sentence where it gave one, and what that means.
 *
 * @param {{failure: Failure, more?: string | null, t: Translate}} props
 */
export function Trouble({failure, more = null, t}) {
  return (
    <s-banner tone="critical">
      <s-paragraph>{failure.sentence ?? t(`failure.${failure.kind}`)}</s-paragraph>
      {more && <s-paragraph>{more}</s-paragraph>}
    </s-banner>
  );
}
