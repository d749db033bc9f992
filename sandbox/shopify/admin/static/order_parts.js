// The parts of an order page that are drawn from the order.

import {marks, money, status} from './formats.js';
import {element, t} from './page.js';

const priceOf = (line) => line.discountedTotalSet?.shopMoney ?? line.originalTotalSet?.shopMoney;

function what(line) {
  const sku = line.sku ? element('code', {}, element('bdi', {}, line.sku)) : element('em', {}, t('no_sku'));
  const group = line.lineItemGroup && element('span', {class: 'quiet'}, t('bundle', {title: line.lineItemGroup.title}));
  return element('span', {class: 'what'}, element('bdi', {}, line.name ?? line.title), element('span', {class: 'sku'}, sku), group);
}

function lineRow(line, editable, act) {
  const title = line.name ?? line.title;
  const quantity = element('input', {
    type: 'number', min: '0', max: '999', name: line.id, value: line.currentQuantity, 'aria-label': t('quantity_of', {title}), disabled: !editable,
  });
  const remove = editable && line.currentQuantity > 0 && element('button', {
    type: 'button', class: 'remove', 'aria-label': t('remove_line', {title}), onclick: () => act('edit', {lines: [{line_id: line.id, quantity: 0}]}),
  }, '×');
  return element('li', {class: line.currentQuantity ? 'line' : 'line removed'}, what(line), quantity,
    element('span', {class: 'price'}, line.currentQuantity ? money(priceOf(line)) : t('removed')), remove || element('span'));
}

export function drawItems(form, order, act) {
  const total = element('p', {class: 'sum'}, element('span', {}, t('total')), element('strong', {}, money(order.currentTotalPriceSet.shopMoney)));
  const editable = !order.cancelledAt;
  form.replaceChildren(element('ul', {class: 'lines'}, ...order.lines.map((line) => lineRow(line, editable, act))), total,
    ...(editable ? [element('button', {class: 'button'}, t('save_quantities'))] : []));
}

/** The quantities a person changed, as the control API takes them. */
export function changedQuantities(form, order) {
  const before = new Map(order.lines.map((line) => [line.id, line.currentQuantity]));
  return [...new FormData(form)]
    .map(([id, quantity]) => ({line_id: id, quantity: Number(quantity)}))
    .filter(({line_id: id, quantity}) => before.get(id) !== quantity);
}

function address(heading, place, ...more) {
  const town = place && [place.zip, place.city, place.provinceCode].filter(Boolean).join(' ');
  const lines = place ? [place.name, place.company, place.address1, place.address2, town, place.country, place.phone] : [t('no_address')];
  return element('div', {}, element('h3', {}, heading, ...more),
    element('address', {}, ...lines.filter(Boolean).map((line) => element('div', {}, element('bdi', {}, line)))));
}

/** Who ordered and where it goes; `edit()` changes the shipping address. */
export function drawCustomer(place, order, edit) {
  const button = element('button', {type: 'button', class: 'link', 'aria-label': `${t('edit')}: ${t('shipping_address')}`, onclick: edit}, t('edit'));
  place.replaceChildren(
    element('p', {}, element('bdi', {}, order.customer?.displayName ?? t('no_customer'))),
    element('p', {class: 'quiet'}, order.email ?? ''),
    address(t('shipping_address'), order.shippingAddress, ' ', order.cancelledAt ? '' : button),
    address(t('billing_address'), order.billingAddress));
}

export function drawBadges(place, order) {
  const returned = order.returnStatus === 'IN_PROGRESS' ? 'RETURN_IN_PROGRESS' : order.returnStatus;
  place.replaceChildren(status(order.displayFinancialStatus), status(order.displayFulfillmentStatus),
    ...(order.returns.length && returned !== 'NO_RETURN' ? [status(returned)] : []), ...marks(order));
}
