// An order's fulfillment orders and fulfillments, and what may be done with each.

import {asked} from './dialogs.js';
import {named, status} from './formats.js';
import {element, t} from './page.js';
import {shop} from './shop.js';
import {toast} from './toasts.js';

const OPEN = ['OPEN', 'IN_PROGRESS', 'SCHEDULED', 'ON_HOLD'];
const REASONS = ['OTHER', 'AWAITING_PAYMENT', 'HIGH_RISK_OF_FRAUD', 'INCORRECT_ADDRESS', 'INVENTORY_OUT_OF_STOCK', 'UNKNOWN_DELIVERY_DATE'];

const left = (one) => one.lines.filter(({remainingQuantity}) => remainingQuantity > 0);

/** Fields that ask how many units of each line; `all` begins with everything. */
const unitFields = (one, all) => left(one).map(({id, productTitle, sku, remainingQuantity}) => ({
  name: id, type: 'number', min: 0, max: remainingQuantity, value: all ? remainingQuantity : 0, required: true,
  label: t('units_of', {title: sku ?? productTitle, count: remainingQuantity}),
}));

/** The lines a person chose, or none when it was all of them. */
function chosen(one, values) {
  const lines = left(one).map(({id}) => ({id, quantity: Number(values[id])})).filter(({quantity}) => quantity > 0);
  const whole = left(one).every(({id, remainingQuantity}) => Number(values[id]) === remainingQuantity);
  return whole ? {} : {lines};
}

async function move(one, act) {
  const elsewhere = (await shop.locations()).filter(({id, active}) => active && id !== one.location?.id);
  if (!elsewhere.length) return toast(t('no_other_location'), {isError: true});
  const options = elsewhere.map(({id, name}) => [id, name]);
  const values = await asked(t('move'), [{name: 'location', label: t('to_location'), options}, ...unitFields(one, true)], t('move'));
  return values && act('move', {fulfillment_order: one.id, location: values.location, ...chosen(one, values)});
}

async function split(one, act) {
  const values = await asked(t('split'), unitFields(one, false), t('split'));
  const {lines} = values ? chosen(one, values) : {};
  return lines?.length && act('split', {fulfillment_order: one.id, lines});
}

async function hold(one, act) {
  const options = REASONS.map((code) => [code, named(code)]);
  const values = await asked(t('hold'), [{name: 'reason', label: t('reason'), options}, {name: 'notes', label: t('notes')}], t('hold'));
  return values && act('hold', {fulfillment_order: one.id, ...values});
}

async function fulfil(one, act) {
  const fields = [['company', 'carrier'], ['number', 'tracking_number'], ['url', 'tracking_url']];
  const values = await asked(t('fulfil'), [...unitFields(one, true), ...fields.map(([name, word]) => ({name, label: t(word)}))], t('fulfil'));
  if (!values) return null;
  const {company, number, url} = values;
  return act('fulfil', {fulfillment_order: one.id, tracking: {company, number, url: url || null}, ...chosen(one, values)});
}

/** Buttons for what may be done with a fulfillment order; `act(deed, body)` does it. */
function steps(one, act) {
  const button = (words, onclick) => element('button', {type: 'button', class: 'button', onclick}, words);
  const plainly = (deed) => () => act(deed, {fulfillment_order: one.id});
  const units = left(one).reduce((sum, {remainingQuantity}) => sum + remainingQuantity, 0);
  const can = (action) => one.supportedActions.includes(action);
  return [
    can('CREATE_FULFILLMENT') && button(t('fulfil'), () => fulfil(one, act)),
    can('RELEASE_HOLD') && button(t('release'), plainly('release')),
    one.status === 'SCHEDULED' && button(t('ready'), plainly('ready')),
    can('HOLD') && one.status !== 'ON_HOLD' && button(t('hold'), () => hold(one, act)),
    can('MOVE') && button(t('move'), () => move(one, act)),
    can('SPLIT') && units > 1 && button(t('split'), () => split(one, act)),
  ].filter(Boolean);
}

function holds(one) {
  return (one.fulfillmentHolds ?? []).map(({reason, reasonNotes}) =>
    element('p', {class: 'quiet'}, [named(reason), reasonNotes].filter(Boolean).join(': ')));
}

function fulfillmentOrder(one, act) {
  const lines = one.lines.filter(({totalQuantity}) => totalQuantity > 0);
  return element('li', {},
    element('p', {}, element('strong', {}, element('bdi', {}, one.location?.name ?? '')), ' ', status(one.status), ' ', element('span', {class: 'quiet'}, one.deliveryMethod?.presentedName ?? '')),
    element('ul', {class: 'units'}, ...lines.map((line) => element('li', {}, `${line.remainingQuantity}/${line.totalQuantity} × `, element('bdi', {}, line.sku || line.productTitle)))),
    ...holds(one), element('div', {class: 'steps'}, ...steps(one, act)));
}

/** A parcel's carrier and number, as a link where there is one. */
function parcel({company, number, url}) {
  const words = [company, number || url].filter(Boolean).join(' ');
  const safe = url && /^https?:/i.test(url);
  return element('li', {}, safe ? element('a', {href: url, rel: 'noreferrer', target: '_blank'}, element('bdi', {}, words)) : element('bdi', {}, words));
}

/** How far a shipment is; one that is only made says no more than that. */
const progress = ({status: state, displayStatus}) => status(state === 'CANCELLED' ? state : displayStatus ?? state);

function fulfillment(made, act) {
  const cancel = made.status === 'SUCCESS' && element('div', {class: 'steps'}, element('button', {
    type: 'button', class: 'button', onclick: () => act('cancel-fulfillment', {fulfillment: made.id}),
  }, t('cancel_fulfillment')));
  return element('li', {},
    element('p', {}, element('strong', {}, element('bdi', {}, made.name)), ' ', progress(made), ' ', element('span', {class: 'quiet'}, t('shipped_from', {place: made.location}))),
    element('ul', {class: 'units'}, ...made.lines.map(({quantity, sku, title}) => element('li', {}, `${quantity} × `, element('bdi', {}, sku || title)))),
    made.trackingInfo.length ? element('ul', {class: 'units'}, ...made.trackingInfo.map(parcel)) : null,
    cancel || null);
}

/** Whether two open ones stand at one location and can be merged. */
function mergeable(found) {
  const places = found.filter(({status: state}) => state === 'OPEN').map(({location}) => location?.id);
  return places.length > 1 && new Set(places).size === 1 && found.filter(({status: state}) => OPEN.includes(state)).length === places.length;
}

export function drawFulfillment(place, order, act) {
  const [found, made] = [order.fulfillment_orders ?? [], order.fulfillments ?? []];
  const merge = element('button', {type: 'button', class: 'button', onclick: () => act('merge')}, t('merge'));
  place.replaceChildren(
    found.length ? element('ul', {class: 'plain'}, ...found.map((one) => fulfillmentOrder(one, act))) : element('p', {class: 'quiet'}, t('no_fulfillment_orders')),
    ...(mergeable(found) ? [merge] : []),
    ...(made.length ? [element('h3', {}, t('fulfillments')), element('ul', {class: 'plain'}, ...made.map((one) => fulfillment(one, act)))] : []));
}
