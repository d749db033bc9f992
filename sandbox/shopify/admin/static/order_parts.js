// The parts of an order page that are drawn from the order.

import {marks, money, status} from './formats.js';
import {element, facts, t} from './page.js';

const priceOf = (line) => line.discountedTotalSet?.shopMoney ?? line.originalTotalSet?.shopMoney;

function lineRow(line) {
  const title = line.name ?? line.title;
  const sku = line.sku ? element('code', {}, element('bdi', {}, line.sku)) : element('em', {}, t('no_sku'));
  const quantity = element('input', {
    type: 'number', min: '0', max: '999', name: line.id, value: line.currentQuantity, 'aria-label': t('quantity_of', {title}),
  });
  return element('li', {class: line.currentQuantity ? 'line' : 'line removed'},
    element('span', {class: 'what'}, element('bdi', {}, title), element('span', {class: 'sku'}, sku)),
    quantity,
    element('span', {class: 'price'}, line.currentQuantity ? money(priceOf(line)) : t('removed')));
}

export function drawItems(form, order) {
  const total = element('p', {class: 'sum'}, element('span', {}, t('total')), element('strong', {}, money(order.currentTotalPriceSet.shopMoney)));
  const editable = !order.cancelledAt;
  form.replaceChildren(element('ul', {class: 'lines'}, ...order.lines.map(lineRow)), total,
    ...(editable ? [element('button', {class: 'button'}, t('save_quantities'))] : []));
}

/** The quantities a person changed, as the control API takes them. */
export function changedQuantities(form, order) {
  const before = new Map(order.lines.map((line) => [line.id, line.currentQuantity]));
  return [...new FormData(form)]
    .map(([id, quantity]) => ({line_id: id, quantity: Number(quantity)}))
    .filter(({line_id: id, quantity}) => before.get(id) !== quantity);
}

function address(heading, place) {
  const town = place && [place.zip, place.city, place.provinceCode].filter(Boolean).join(' ');
  const lines = place ? [place.name, place.company, place.address1, place.address2, town, place.country, place.phone] : [t('no_address')];
  return element('div', {}, element('h3', {}, heading),
    element('address', {}, ...lines.filter(Boolean).map((line) => element('div', {}, element('bdi', {}, line)))));
}

export function drawCustomer(place, order) {
  place.replaceChildren(
    element('p', {}, element('bdi', {}, order.customer?.displayName ?? t('no_customer'))),
    element('p', {class: 'quiet'}, order.email ?? ''),
    address(t('shipping_address'), order.shippingAddress),
    address(t('billing_address'), order.billingAddress));
}

export function drawBadges(place, order) {
  place.replaceChildren(status(order.displayFinancialStatus), status(order.displayFulfillmentStatus), ...marks(order));
}

const OPEN = ['OPEN', 'IN_PROGRESS', 'SCHEDULED', 'ON_HOLD'];

/** Buttons for what may be done with a fulfillment order; `act(deed, body)` does it. */
function steps(one, act) {
  const button = (words, deed, body = {}) =>
    element('button', {type: 'button', class: 'button', onclick: () => act(deed, {fulfillment_order: one.id, ...body})}, words);
  if (!OPEN.includes(one.status)) return [];
  if (one.status === 'ON_HOLD') return [button(t('release'), 'release')];
  const elsewhere = facts.locations.filter(({id}) => id !== one.location?.id);
  return [
    button(t('fulfil'), 'fulfil'),
    button(t('hold'), 'hold', {notes: 'Sandbox'}),
    ...elsewhere.map(({id, name}) => button(t('move', {location: name}), 'move', {location: id})),
    ...(one.lines.length > 1 ? [button(t('split'), 'split')] : []),
  ];
}

function fulfillmentOrder(one, act) {
  const lines = one.lines.filter(({totalQuantity}) => totalQuantity > 0);
  return element('li', {},
    element('p', {}, element('strong', {}, element('bdi', {}, one.location?.name ?? '')), ' ', status(one.status), ' ', element('span', {class: 'quiet'}, one.deliveryMethod?.presentedName ?? '')),
    element('ul', {class: 'units'}, ...lines.map((line) => element('li', {}, `${line.remainingQuantity}/${line.totalQuantity} × `, element('bdi', {}, line.sku || line.productTitle)))),
    element('div', {class: 'steps'}, ...steps(one, act)));
}

export function drawFulfillment(place, order, act) {
  const found = order.fulfillment_orders ?? [];
  if (!found.length) place.replaceChildren(element('p', {class: 'quiet'}, t('no_fulfillment_orders')));
  else place.replaceChildren(element('ul', {class: 'plain'}, ...found.map((one) => fulfillmentOrder(one, act))));
}
