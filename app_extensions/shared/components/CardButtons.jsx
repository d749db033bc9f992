/** @import {Translate} from '../host.js' */
/** @import {Sight} from '../watching.js' */

/**
 * What can be done from the card.
 *
 * @param {object} props
 * @param {Sight} props.sight
 * @param {(handle: string) => void} props.open  Opens an action of the app.
 * @param {() => void} props.refresh
 * @param {Translate} props.t
 */
export function CardButtons({sight, open, refresh, t}) {
  const {status, unseen, live} = sight;
  return (
    <s-stack direction="inline" gap="small" alignItems="center">
      {(status || unseen) && <s-button onClick={() => open('send-to-wms')}>{t('action.send')}</s-button>}
      {status?.state === 'syncing' && (
        <s-button onClick={() => open('update-status')}>{t('action.update')}</s-button>
      )}
      {!live && <s-button icon="refresh" onClick={refresh}>{t('action.refresh')}</s-button>}
      {status?.path && <s-link href={`app:${status.path.slice(1)}`}>{t('action.open')}</s-link>}
    </s-stack>
  );
}
