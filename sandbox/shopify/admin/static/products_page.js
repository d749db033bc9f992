// The store's variants and their SKUs; `?query=` narrows them to what has these words.

import {draw} from './app_nav.js';
import {asked} from './dialogs.js';
import {byId, element, t} from './page.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

async function save(event, {number}) {
  event.preventDefault();
  const {sku} = event.target;
  const done = await attempt(async () => { sku.value = (await shop.setSku(number, sku.value.trim())).sku ?? ''; });
  if (done) toast(t('saved'));
}

function row(variant) {
  const cell = (name, ...content) => element('td', {'data-label': t(name)}, ...content);
  const title = variant.product;
  return element('tr', {},
    cell('product', element('bdi', {}, title)),
    cell('price', variant.price),
    cell('sku', element('form', {class: 'inline', onsubmit: (event) => save(event, variant)},
      element('input', {name: 'sku', value: variant.sku ?? '', placeholder: t('no_sku'), 'aria-label': t('sku_of', {title}), autocomplete: 'off'}),
      element('button', {class: 'button', 'aria-label': t('save_sku', {title})}, t('save')))));
}

const wanted = new URLSearchParams(location.search).get('query') ?? '';

async function refresh() {
  const found = await shop.products(wanted);
  byId('products').replaceChildren(...found.map(row));
  byId('empty').hidden = found.length > 0;
}

byId('add').addEventListener('click', async () => {
  const values = await asked(t('add_product'), [
    {name: 'title', label: t('title'), required: true}, {name: 'sku', label: t('sku')},
    {name: 'price', label: t('price'), type: 'number', min: 0, step: '0.01', value: '10.00', required: true},
  ], t('add_product'));
  if (values && await attempt(() => shop.addProduct(values))) {
    toast(t('saved'));
    await refresh();
  }
});
attempt(refresh);
draw();
