// How values of an order are written.

import {element, facts, has, locale, t} from './page.js';

export const money = ({amount, currencyCode}) =>
  new Intl.NumberFormat(locale, {style: 'currency', currency: currencyCode}).format(amount);

/** A moment in the store's own time, as the admin and its apps tell it wherever one sits. */
export function moment(text) {
  const date = new Date(text);
  const old = Date.now() - date > 300 * 86_400_000;
  const format = {timeZone: facts.zone, day: 'numeric', month: 'short', ...(old ? {year: 'numeric'} : {hour: '2-digit', minute: '2-digit'})};
  return element('time', {datetime: text}, new Intl.DateTimeFormat(locale, format).format(date));
}

const GOOD = ['PAID', 'FULFILLED', 'DELIVERED', 'PICKED_UP'];
const OPEN = ['PENDING', 'UNFULFILLED', 'AUTHORIZED', 'PARTIALLY_PAID', 'PARTIALLY_FULFILLED', 'ON_HOLD', 'SCHEDULED', 'REQUESTED', 'RETURN_REQUESTED'];

/** The words for a code of Shopify's; one without words is told in sentence case. */
export function named(code) {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return has(code) ? t(code) : words.charAt(0).toUpperCase() + words.slice(1);
}

export function status(code) {
  const kind = GOOD.includes(code) ? 'good' : OPEN.includes(code) ? 'open' : 'plain';
  return element('span', {class: `badge ${kind}`}, named(code));
}

/** What else a person should see at once: test, cancelled, archived. */
export function marks(order) {
  const found = [['test', 'test_order'], ['cancelledAt', 'cancelled'], ['closedAt', 'archived']];
  return found.filter(([key]) => order[key]).map(([, word]) => element('span', {class: 'badge plain'}, t(word)));
}

/** The state a tag tells by its suffix, else null. */
export function stateOf(tag) {
  return /(?:^|-)(no-sync|syncing|synced|error)$/i.exec(tag)?.[1].toLowerCase() ?? null;
}

export function chip(tag, ...more) {
  const state = stateOf(tag);
  return element('li', {class: state ? `chip ${state}` : 'chip', 'data-tag': tag}, element('bdi', {}, tag), ...more);
}
