import {useRef} from 'preact/hooks';

import {addressed, maySend} from '../gates.js';
import {clockTime} from '../host.js';

/** @import {Host, Translate} from '../host.js' */
/** @import {Sight} from '../watching.js' */

/**
 * What can be done from the card. Once it needed a person to look again, that button stays: it must
 * not vanish from under a finger.
 *
 * @param {object} props
 * @param {Sight} props.sight
 * @param {{send: () => void, update: () => void}} props.deeds
 * @param {() => void} props.refresh
 * @param {Pick<Host, 'i18n'>} props.host
 * @param {Translate} props.t
 */
export function CardButtons({sight, deeds, refresh, host, t}) {
  const {status, live, at} = sight;
  const ended = useEver(!live);
  return (
    <s-stack direction="inline" gap="small" alignItems="center">
      {maySend(sight) && <s-button onClick={deeds.send}>{t('action.send')}</s-button>}
      {status?.state === 'syncing' && <s-button onClick={deeds.update}>{t('action.update')}</s-button>}
      {ended && <s-button icon="refresh" onClick={refresh}>{t('action.refresh')}</s-button>}
      {status?.path && <s-link href={addressed(status.path)}>{t('action.open')}</s-link>}
      {ended && at > 0 && <s-text color="subdued">{t('checked', {time: clockTime(host, at)})}</s-text>}
    </s-stack>
  );
}

/** Whether it was ever true. @param {boolean} now */
function useEver(now) {
  const ever = useRef(now);
  ever.current ||= now;
  return ever.current;
}
