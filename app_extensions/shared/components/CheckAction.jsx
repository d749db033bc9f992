import {useEffect, useState} from 'preact/hooks';

import {check} from '../checking.js';
import {CLOCK} from '../following.js';
import {apiOf, clockTime, speaker} from '../host.js';
import {sinceWhen} from '../since.js';
import {Trouble} from './Trouble.jsx';

/** @import {Verdict} from '../checking.js' */
/** @import {Host, Translate} from '../host.js' */

/**
 * "Update sync status": asks the warehouse at once and says what that settled.
 *
 * @param {{host: Host, id: string}} props
 */
export function CheckAction({host, id}) {
  const t = speaker(host);
  const [verdict, setVerdict] = useState(/** @type {Verdict | null} */ (null));
  useEffect(() => void check(apiOf(host), id, CLOCK).then(setVerdict), [id]);
  return (
    <s-admin-action heading={t('heading')}>
      <s-box accessibilityRole="status">
        {verdict ? <Answer verdict={verdict} host={host} t={t} /> : <s-paragraph>{t('asking')}</s-paragraph>}
      </s-box>
      <s-button slot="primary-action" variant="primary" onClick={() => host.close()}>
        {t(verdict ? 'action.done' : 'action.close')}
      </s-button>
    </s-admin-action>
  );
}

/** @param {{verdict: Verdict, host: Host, t: Translate}} props */
function Answer({verdict, host, t}) {
  if (verdict.failure) return <Trouble failure={verdict.failure} t={t} />;
  return (
    <s-stack gap="small">
      <s-paragraph tone={verdict.kind === 'error' ? 'critical' : undefined}>
        {sentence(verdict, host, t)}
      </s-paragraph>
      {verdict.job && <s-paragraph>{t('job', {job: verdict.job})}</s-paragraph>}
    </s-stack>
  );
}

/** @param {Verdict} verdict @param {Host} host @param {Translate} t */
function sentence(verdict, host, t) {
  const words = [t(`verdict.${verdict.kind}`), detail(verdict, host, t)];
  return words.filter(Boolean).join(' ');
}

/** @param {Verdict} verdict @param {Host} host @param {Translate} t */
function detail(verdict, host, t) {
  if (verdict.kind === 'synced' && verdict.since) {
    return sinceWhen(host, verdict.since, verdict.at, t);
  }
  if (verdict.kind === 'syncing') {
    const checked = t('checked', {time: clockTime(host, verdict.at)});
    return verdict.late ? `${checked} ${verdict.message}` : checked;
  }
  return verdict.kind === 'resent' ? null : verdict.message;
}
