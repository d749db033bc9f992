// The store's locations: opened, renamed, deactivated, activated, deleted.

import {draw} from './app_nav.js';
import {asked, confirmed} from './dialogs.js';
import {byId, element, t} from './page.js';
import {repeat} from './refreshing.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

let last = '';
let places = [];

async function act(place, deed, body) {
  if (await attempt(() => shop.changeLocation(place.number, deed, body))) toast(t('saved'));
  await refresh();
}

async function rename(place) {
  const values = await asked(t('rename'), [{name: 'name', label: t('name'), value: place.name, required: true}], t('save'));
  if (values) await act(place, 'rename', values);
}

async function deactivate(place) {
  const options = places.filter(({id, active}) => active && id !== place.id).map(({id, name}) => [id, name]);
  const fields = place.open && options.length ? [{name: 'destination', label: t('destination'), options}] : [];
  const values = await asked(t('deactivate_sure', {name: place.name}), fields, t('deactivate'), {why: t('deactivate_why')});
  if (values) await act(place, 'deactivate', values);
}

async function remove(place) {
  if (await confirmed(t('delete'), t('delete_sure', {name: place.name}), t('delete'), t('keep'))) await act(place, 'delete');
}

function buttons(place) {
  const button = (word, work) => element('button', {type: 'button', class: 'button', 'aria-label': `${t(word)} ${place.name}`, onclick: () => work(place)}, t(word));
  return place.active
    ? [button('rename', rename), button('deactivate', deactivate)]
    : [button('activate', () => act(place, 'activate')), button('delete', remove)];
}

function row(place) {
  const cell = (name, ...content) => element('td', {'data-label': t(name)}, ...content);
  const service = place.service && element('span', {class: 'quiet'}, ' ', t('run_by', {name: place.service}));
  return element('tr', {},
    cell('name', element('span', {}, element('bdi', {}, place.name), service || '')),
    cell('city', element('bdi', {}, place.city ?? '–')),
    cell('open_orders', String(place.open)),
    cell('status', element('span', {class: place.active ? 'badge good' : 'badge plain'}, t(place.active ? 'active' : 'inactive'))),
    element('td', {class: 'deeds-cell'}, element('div', {class: 'steps'}, ...buttons(place))));
}

const refresh = repeat(async () => {
  places = await shop.locations();
  const now = JSON.stringify(places);
  if (now !== last) byId('locations').replaceChildren(...places.map(row));
  last = now;
}, 2000, (paused) => { byId('paused').hidden = !paused; });

byId('add').addEventListener('click', async () => {
  const values = await asked(t('add_location'), [
    {name: 'name', label: t('name'), required: true}, {name: 'address1', label: t('address1')},
    {name: 'zip', label: t('zip')}, {name: 'city', label: t('city')}, {name: 'service', label: t('service')},
  ], t('add_location'));
  if (!values) return;
  const {name, service, ...address} = values;
  if (await attempt(() => shop.addLocation({name, service, address: {...address, countryCode: 'IT'}}))) toast(t('saved'));
  await refresh();
});
draw();
