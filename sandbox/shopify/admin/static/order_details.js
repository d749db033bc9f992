// What else a merchant changes on an order: its address, its risk, its attributes and metafields.

import {asked} from './dialogs.js';
import {element, t} from './page.js';

/** Fields of an address: the control API's name, then the order's. */
const ADDRESS = [
  ['name', 'name'], ['company', 'company'], ['address1', 'address1'], ['address2', 'address2'], ['zip', 'zip'],
  ['city', 'city'], ['province_code', 'provinceCode'], ['country_code', 'countryCode'], ['phone', 'phone'],
];

/** Asks for the shipping address; all of it empty means none. */
export async function editAddress(order, act) {
  const before = order.shippingAddress ?? {countryCode: 'IT'};
  const fields = ADDRESS.map(([name, key]) => ({name, label: t(name), value: before[key] ?? ''}));
  const values = await asked(t('shipping_address'), fields, t('save'));
  if (!values) return;
  const filled = Object.entries(values).filter(([name, value]) => value.trim() && name !== 'country_code');
  await act('edit', {shipping_address: filled.length ? {...Object.fromEntries(filled), country_code: values.country_code} : null});
}

export function drawRisk(form, order) {
  const options = ['ACCEPT', 'INVESTIGATE', 'CANCEL', 'NONE'].map((code) =>
    element('option', {value: code, selected: code === order.risk.recommendation}, t(code)));
  const facts = order.risk.assessments.flatMap(({facts: found}) => found).map(({description}) => element('p', {class: 'quiet', lang: 'en'}, description));
  form.replaceChildren(...facts, element('div', {class: 'inline'},
    element('select', {name: 'recommendation', 'aria-label': t('fraud_risk')}, ...options), element('button', {class: 'button'}, t('set_risk'))));
}

const pairs = (order) => Object.fromEntries(order.customAttributes.map(({key, value}) => [key, value]));

function detail(title, value, remove) {
  return element('li', {}, element('span', {}, element('code', {}, element('bdi', {}, title)), ' ', element('bdi', {}, value)),
    element('button', {type: 'button', class: 'remove', 'aria-label': t('remove_detail', {title}), onclick: remove}, '×'));
}

async function addDetail(order, act) {
  const kinds = [['attribute', t('attribute')], ['metafield', t('metafield')]];
  const values = await asked(t('add_detail'), [
    {name: 'kind', label: t('kind'), options: kinds}, {name: 'namespace', label: t('namespace_why'), value: 'custom'},
    {name: 'key', label: t('key'), required: true}, {name: 'value', label: t('value'), required: true},
  ], t('add'));
  if (!values) return;
  const {kind, namespace, key, value} = values;
  await act('edit', kind === 'attribute' ? {attributes: {...pairs(order), [key]: value}} : {metafields: [{namespace, key, value}]});
}

/** Where the order came from, its attributes and its metafields. */
export function drawDetails(place, order, act) {
  const without = (name) => Object.fromEntries(Object.entries(pairs(order)).filter(([key]) => key !== name));
  const attributes = order.customAttributes.map(({key, value}) => detail(key, value, () => act('edit', {attributes: without(key)})));
  const metafields = order.metafields.map(({namespace, key, value}) =>
    detail(`${namespace}.${key}`, value, () => act('edit', {metafields: [{namespace, key, value: null}]})));
  const found = [...attributes, ...metafields];
  place.replaceChildren(
    element('p', {class: 'quiet'}, t('source', {name: order.sourceName})),
    found.length ? element('ul', {class: 'details'}, ...found) : element('p', {class: 'quiet'}, t('no_details')),
    element('div', {class: 'steps'}, element('button', {type: 'button', class: 'button', onclick: () => addDetail(order, act)}, t('add_detail'))));
}
