import {endings, failing} from '../gates.js';
import {sinceWhen} from '../since.js';
import {BADGES} from '../states.js';

/** @import {Host, Translate} from '../host.js' */
/** @import {OrderStatus} from '../values.js' */
/** @import {Sight} from '../watching.js' */

/**
 * Where the order stands: its badge, since when the warehouse has it or why not. Said aloud when it
 * changes.
 *
 * @param {{sight: Sight, host: Pick<Host, 'i18n'>, t: Translate}} props
 */
export function Standing({sight, host, t}) {
  return (
    <s-box accessibilityRole="status">
      <Words sight={sight} host={host} t={t} />
    </s-box>
  );
}

/** @param {{sight: Sight, host: Pick<Host, 'i18n'>, t: Translate}} props */
function Words({sight, host, t}) {
  const {status, unseen, failure, at} = sight;
  if (unseen) return <s-paragraph>{t('unseen')}</s-paragraph>;
  if (!status) return failure ? null : <s-spinner accessibilityLabel={t('loading')} />;
  const said = sentence(status);
  return (
    <s-stack gap="small">
      <s-stack direction="inline" gap="small" alignItems="center">
        <s-badge {...BADGES[status.state]}>{t(`state.${status.state}`)}</s-badge>
        {status.state === 'synced' && status.since && (
          <s-text>{sinceWhen(host, Date.parse(status.since), at, t)}</s-text>
        )}
      </s-stack>
      {said && <s-paragraph tone={status.state === 'error' ? 'critical' : undefined}>{said}</s-paragraph>}
      {endings(status).map((words) => <s-paragraph key={words}>{words}</s-paragraph>)}
    </s-stack>
  );
}

/** Tagdock's or the warehouse's words, unless a closed gate says them. @param {OrderStatus} status */
function sentence(status) {
  const told = failing(status).some(({message}) => message === status.message);
  return told ? null : status.message;
}
