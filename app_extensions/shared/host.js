/** What the shared components need of the admin around them. */

import {createApi} from './api.js';
import {introducing} from './introducing.js';

/** @import {I18n} from '@shopify/ui-extensions/admin' */

/**
 * @typedef {object} Host  The part of Shopify's global `shopify` that is used here.
 * @property {I18n} i18n
 * @property {() => void} close
 * @property {{selected: {id: string}[]}} data
 *
 * @typedef {object} CardHost  The same for a card among the admin's own.
 * @property {I18n} i18n
 * @property {{navigate: (address: string) => void}} navigation
 *
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate
 */

/** Hours and minutes. */
export const TIME = /** @type {const} */ ({hour: '2-digit', minute: '2-digit'});

/**
 * A function that says a key of the locale file in the person's language. Numbers are written as
 * that language writes them; `count` also chooses singular or plural, and is written as `{{n}}`.
 *
 * @param {Pick<Host, 'i18n'>} host
 * @returns {Translate}
 */
export function speaker({i18n}) {
  /** @param {string | number} value */
  const written = (value) => (typeof value === 'number' ? i18n.formatNumber(value) : value);
  return (key, {count, ...values} = {}) => {
    const words = Object.entries(values).map(([name, value]) => [name, written(value)]);
    const counted = count === undefined ? {} : {count, n: written(count)};
    return i18n.translate(key, {...Object.fromEntries(words), ...counted});
  };
}

/**
 * Tagdock's API, answering in the language of the extension's own words: the browser may prefer
 * another than the admin speaks.
 *
 * @param {Pick<Host, 'i18n'>} host
 */
export function apiOf(host) {
  return createApi(speaker(host)('language'), introducing());
}

/**
 * Hours and minutes as the person's language writes them.
 *
 * @param {Pick<Host, 'i18n'>} host
 * @param {number} moment  Milliseconds since 1970.
 */
export function clockTime({i18n}, moment) {
  return i18n.formatDate(new Date(moment), TIME);
}
