/** Since when the warehouse has an order. */

import {TIME} from './host.js';

/** @import {Host, Translate} from './host.js' */

const DAY = /** @type {const} */ ({day: 'numeric', month: 'short'});
const DATE = /** @type {const} */ ({...DAY, year: 'numeric'});

/**
 * Since when the warehouse has the order, in a sentence: hours and minutes, with the day unless that
 * is today.
 *
 * @param {Pick<Host, 'i18n'>} host
 * @param {number} moment  Milliseconds since 1970.
 * @param {number} now
 * @param {Translate} t
 */
export function sinceWhen({i18n}, moment, now, t) {
  /** @param {number} each @param {object} options */
  const written = (each, options) => i18n.formatDate(new Date(each), options);
  const today = written(moment, DATE) === written(now, DATE);
  if (today) return t('since.today', {time: written(moment, TIME)});
  return t('since.earlier', {time: written(moment, {...DAY, ...TIME})});
}
