import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {Failure} from '../failure.js';
import {endings, failing, gateLabel, maySend, passing, remedyOf, waysOf} from '../gates.js';
import {speaker} from '../host.js';
import {sinceWhen} from '../since.js';
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

test('a folded card says first that the warehouse is out of reach', () => {
  const lost = {gates: [{gate: 'connection', ok: false, message: null, keeps: true}, ...CLOSED]};
  const told = (state, connection, values) => folded(seen(state, {connection, ...values}), english);
  for (const state of ['syncing', 'no_sync', 'error', 'synced']) {
    assert.equal(told(state, 'refused', lost), 'Token refused');
  }
  assert.equal(told('syncing', 'never_tested', lost), 'Warehouse not connected');
  assert.equal(told('no_sync', 'never_tested', lost), 'Blocked: 2 of 3 checks');
  assert.equal(told('syncing', 'unreachable', {gates: []}), 'Warehouse unreachable');
  assert.equal(told('syncing', 'established', {gates: []}), 'Syncing');
  assert.equal(told('synced', 'refused', {gates: []}), 'Synced', 'it needs no warehouse');
});

for (const language of ['en', 'it']) {
  test(`a folded card fits into 30 characters: ${language}`, () => {
    const many = {gates: Array.from({length: 17}, () => CLOSED[0]), warehouse_orders: orders(99)};
    const sights = [
      ...Object.keys(BADGES).map((state) => seen(state, many)),
      ...['refused', 'never_tested'].map((connection) => seen('syncing', {connection, gates: [{...CLOSED[0], gate: 'connection'}]})),
      seen('syncing', {connection: 'unreachable'}),
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

test('an order that is over is not sent again, and says why once', () => {
  const message = 'There is nothing left to ship.';
  const over = seen('synced', {ended: {message}});
  assert.equal(maySend(over), false);
  assert.deepEqual(endings(over.status), [message]);
  const told = {...over.status, reason: 'cancelled', gates: [{gate: 'shippable', ok: false, message, keeps: true}]};
  assert.deepEqual(endings(told), []);
  assert.equal(maySend(seen('synced', {ended: null})), true);
  assert.equal(maySend({...UNKNOWN, unseen: true}), true);
  assert.equal(maySend(UNKNOWN), false);
});

test('an order that is settled says so once, and may be sent again unless it is over', () => {
  const settled = {message: 'Nothing is waiting: everything is delivered.'};
  assert.deepEqual(endings(status('synced', {settled, ended: settled})), [settled.message]);
  const cancelled = {message: 'The order is cancelled.'};
  const both = endings(status('synced', {settled, ended: cancelled}));
  assert.deepEqual(both, [settled.message, cancelled.message]);
  assert.deepEqual(endings(status('synced', {settled: null, ended: null})), []);
  assert.equal(maySend(seen('synced', {settled, ended: null})), true);
});

test('a gate nobody has named here is still shown', () => {
  assert.equal(gateLabel({gate: 'sku'}, english), 'Every line has a SKU');
  assert.equal(gateLabel({gate: 'moon-phase'}, english), 'moon-phase');
  assert.equal(warehouseState('accepted', english), 'In the warehouse');
  assert.equal(warehouseState('levitating', english), 'levitating');
});

test('a closed gate leads to places with a name that have more to say', () => {
  const ways = [
    {name: 'product', address: 'shopify://admin/products?query=TS-M'},
    {name: 'skus', address: '/skus?q=TS-M'},
    {name: 'moon', address: '/moon'},
  ];
  assert.deepEqual(waysOf({ways}), [
    {name: 'product', href: 'shopify://admin/products?query=TS-M'},
    {name: 'skus', href: 'app:skus?q=TS-M'},
  ]);
  assert.deepEqual(waysOf({}), []);
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

test('since another day is said with the day', () => {
  const [monday, tuesday] = [Date.UTC(2026, 10, 23, 10, 43), Date.UTC(2026, 10, 24, 9, 0)];
  const [english, italian] = ['en', 'it'].map((language) => (moment, now) => {
    const host = {i18n: words(language)};
    return sinceWhen(host, moment, now, speaker(host));
  });
  assert.match(english(monday, monday), /^In the warehouse since 10:43/);
  assert.match(english(monday, tuesday), /^In the warehouse since Nov 23, 10:43/);
  assert.equal(italian(monday, monday), 'In magazzino dalle 10:43.');
  assert.equal(italian(monday, tuesday), 'In magazzino dal giorno 23 nov, 10:43.');
  assert.match(italian(Date.UTC(2025, 10, 24), tuesday), /dal giorno 24 nov/);
});
