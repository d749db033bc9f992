/** @import {Translate} from '../host.js' */

/**
 * "and 240 more", which leads to the app's list of orders.
 *
 * @param {{count: number, reason: string | null, t: Translate}} props
 */
export function More({count, reason, t}) {
  const filter = reason ? `?reason=${encodeURIComponent(reason)}` : '';
  return <s-link href={`app:orders${filter}`}>{t('more', {count})}</s-link>;
}
