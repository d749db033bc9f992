/** What the shared components need of the admin around them. */

/** @import {I18n} from '@shopify/ui-extensions/admin' */

/**
 * @typedef {object} Host  The part of Shopify's global `shopify` that is used here.
 * @property {I18n} i18n
 * @property {() => void} close
 * @property {{selected: {id: string}[]}} data
 *
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Translate
 */

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
 * Hours and minutes as the person's language writes them.
 *
 * @param {Pick<Host, 'i18n'>} host
 * @param {number} moment  Milliseconds since 1970.
 */
export function clockTime({i18n}, moment) {
  return i18n.formatDate(new Date(moment), {hour: '2-digit', minute: '2-digit'});
}
