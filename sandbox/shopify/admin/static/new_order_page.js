// A form for an order of one's own making.

import {draw} from './app_nav.js';
import {byId, element, storePath, t} from './page.js';
import {numberOf, shop} from './shop.js';
import {attempt} from './toasts.js';

const NAMELESS = 'nameless';
const PAYMENTS = {
  paid: {paid: true}, unpaid: {paid: false, gateway: 'Bank Deposit'}, cod: {paid: false, gateway: 'Cash on Delivery (COD)'},
};
const DELIVERIES = {
  SHIPPING: {}, PICK_UP: {delivery: 'PICK_UP', shipping_address: null, shipping_price: '0'},
  LOCAL: {delivery: 'LOCAL'}, PICKUP_POINT: {delivery: 'PICKUP_POINT'},
};
const form = byId('order-form');
let products = [];

function addLine() {
  const count = byId('lines').children.length + 1;
  const options = [
    ...products.map(({id, product, sku}) => element('option', {value: id}, sku ? `${product} (${sku})` : product)),
    element('option', {value: NAMELESS}, t('no_sku_item')),
  ];
  const variant = element('select', {name: 'variant', 'aria-label': `${t('line', {count})}: ${t('product')}`}, ...options);
  const quantity = element('input', {name: 'quantity', type: 'number', min: 1, max: 999, value: 1, required: true, 'aria-label': `${t('line', {count})}: ${t('quantity')}`});
  const remove = element('button', {type: 'button', class: 'remove', 'aria-label': `${t('line', {count})}: ${t('remove')}`, onclick: () => row.remove()}, '×');
  const row = element('li', {class: 'line'}, variant, quantity, count > 1 ? remove : element('span'));
  byId('lines').append(row);
  variant.focus();
}

const lines = () => [...byId('lines').children].map((row) => {
  const [variant, quantity] = row.querySelectorAll('select, input');
  const count = Number(quantity.value);
  return variant.value === NAMELESS ? {sku: null, title: t('no_sku_item'), price: '5.00', quantity: count} : {variant: variant.value, quantity: count};
});

function described() {
  const value = (name) => form.elements[name].value.trim();
  return {
    lines: lines(), ...PAYMENTS[value('payment')], ...DELIVERIES[value('delivery')],
    test: form.elements.test.checked, risk: value('risk'), count: Number(value('count')),
    tags: value('tags').split(',').map((tag) => tag.trim()).filter(Boolean), note: value('note') || null,
    ...(value('location') && {location: value('location')}),
  };
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(async () => {
    const {ids} = await shop.create(described());
    location.assign(storePath(ids.length === 1 ? `/orders/${numberOf(ids[0])}` : '/orders'));
  });
});
byId('add-line').addEventListener('click', addLine);
attempt(async () => {
  products = await shop.products();
  addLine();
});
draw();
