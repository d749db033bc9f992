import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {Failure} from '../failure.js';
import {failing, gateLabel, passing, remedyOf} from '../gates.js';
import {dayAndTime, speaker} from '../host.js';
import {BADGES, folded, warehouseState} from '../states.js';
import {UNKNOWN} from '../watching.js';
import {gid} from './tagdock.js';

const LONGEST = 30;
const CLOSED = [{gate: 'sku', ok: false, message: 'No SKU: Mug.', keeps: true}, {gate: 'paid', ok: true, message: null}];

/** The admin's i18n with the card's own words, as Shopify chooses among them. */
function words(language) {
  const file = new URL(`../../order-block/locales/${language === 'en' ? 'en.default' : language}.json`, import.meta.url);
  const found = JSON.parse(readFileSync(file, 'utf8'));
  const form = (count) => new Intl.PluralRules(language).select(count);
  return {
    formatNumber: (number) => new Intl.NumberFormat(language).format(number),
    formatDate: (date, options) => new Intl.DateTimeFormat(language, {timeZone: 'UTC', ...options}).format(date),
    translate(key, values = {}) {
      const node = key.split('.').reduce((at, part) => at?.[part], found);
      const text = typeof node === 'object' ? node[form(values.count)] : node;
      assert.equal(typeof text, 'string', key);
      return text.replace(/{{(\w+)}}/g, (_, name) => values[name]);
    },
  };
}
const english = speaker({i18n: words('en')});
const status = (state, values = {}) => ({state, reason: null, job: null, message: null, gates: CLOSED, warehouse_orders: [], ...values});
const seen = (state, values) => ({...UNKNOWN, status: status(state, values)});
const orders = (count) => Array.from({length: count}, () => ({}));

test('a folded card says how much blocks, or what the warehouses have', () => {
  assert.equal(folded(seen('no_sync'), english), 'Blocked: 1 of 2 checks');
  assert.equal(folded(seen('no_sync', {gates: CLOSED.slice(1)}), english), 'To send');
  assert.equal(folded(seen('synced', {warehouse_orders: orders(2)}), english), 'Synced · 2 warehouse orders');
  assert.equal(folded(seen('synced'), english), 'Synced');
  assert.equal(folded({...UNKNOWN, unseen: true}, english), 'Not in Tagdock yet');
  assert.equal(folded({...UNKNOWN, failure: new Failure('unreachable')}, english), "Tagdock didn't answer");
  assert.equal(folded(UNKNOWN, english), '');
});

for (const language of ['en', 'it']) {
  test(`a folded card fits into 30 characters: ${language}`, () => {
    const many = {gates: Array.from({length: 17}, () => CLOSED[0]), warehouse_orders: orders(99)};
    const sights = [
      ...Object.keys(BADGES).map((state) => seen(state, many)),
      {...UNKNOWN, unseen: true},
      {...UNKNOWN, failure: new Failure('expired')},
    ];
    for (const sight of sights) {
      const line = folded(sight, speaker({i18n: words(language)}));
      assert.ok(line.length <= LONGEST, line);
    }
  });
}

test('a gate that was passed over no longer keeps the order', () => {
  assert.deepEqual(failing(status('no_sync')), [CLOSED[0]]);
  const past = {gates: [{...CLOSED[0], keeps: false}, CLOSED[1]]};
  assert.deepEqual(failing(status('syncing', past)), []);
  assert.deepEqual(failing(status('synced', past)), []);
  assert.deepEqual(failing(status('synced', {reason: 'edited'})), [CLOSED[0]]);
  const lost = {...CLOSED[0], gate: 'connection'};
  assert.deepEqual(failing(status('syncing', {gates: [lost, CLOSED[1]]})), [lost]);
  assert.deepEqual(passing(status('synced')), [CLOSED[1]]);
});

test('a gate nobody has named here is still shown', () => {
  assert.equal(gateLabel({gate: 'sku'}, english), 'Every line has a SKU');
  assert.equal(gateLabel({gate: 'moon-phase'}, english), 'moon-phase');
  assert.equal(warehouseState('accepted', english), 'In the warehouse');
  assert.equal(warehouseState('levitating', english), 'levitating');
});

test('a closed gate leads to what mends it', () => {
  const remedy = (gate, fix, address) => remedyOf({gate, ok: false, message: null, fix, address}, gid(7));
  const place = (name, href) => ({name, href, deed: null});
  const deed = (name, done) => ({name, href: null, deed: done});
  assert.deepEqual(remedy('location', 'map', '/settings/locations'), place('map', 'app:settings/locations'));
  assert.deepEqual(
    remedy('sku', 'product', 'shopify://admin/products?query=Mug'),
    place('product', 'shopify://admin/products?query=Mug'),
  );
  assert.deepEqual(remedy('automatic', 'send'), deed('send', 'send'));
  assert.deepEqual(remedy('accepted', 'send'), deed('again', 'send'));
  assert.deepEqual(remedy('tracked', 'add'), deed('add', 'add'));
});

test('nothing leads to the page that the card is on, nor where nobody knows', () => {
  const none = [
    {gate: 'paid', fix: ''},
    {gate: 'hold', fix: 'order', address: 'shopify://admin/orders/7'},
    {gate: 'sku', fix: 'product', address: 'shopify://admin/orders/7'},
    {gate: 'kind', fix: 'rules'},
    {gate: 'odd', fix: 'constructor', address: '/odd'},
  ];
  for (const gate of none) assert.equal(remedyOf(gate, gid(7)), null);
});

test('a moment of another day is written with the day', () => {
  const host = {i18n: words('en')};
  const [monday, tuesday] = [Date.UTC(2026, 10, 23, 10, 43), Date.UTC(2026, 10, 24, 9, 0)];
  assert.match(dayAndTime(host, monday, monday), /^10:43/);
  assert.match(dayAndTime(host, monday, tuesday), /^Nov 23, 10:43/);
});
