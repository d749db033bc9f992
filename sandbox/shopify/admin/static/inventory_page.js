// What is on the shelves: found by product, SKU or location, set by hand.

import {draw} from './app_nav.js';
import {byId, element, facts, t} from './page.js';
import {repeat} from './refreshing.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

const MOST = 100;
const address = new URLSearchParams(location.search);
let last = '';

async function save(event, level) {
  event.preventDefault();
  const available = Number(event.target.available.value);
  document.activeElement?.blur();
  if (await attempt(() => shop.setLevel({item: level.item, location: level.location_id, available, active: level.active}))) toast(t('saved'));
  await refresh();
}

function form(level) {
  const names = {title: level.sku ?? level.title, place: level.location};
  return element('form', {class: 'inline', onsubmit: (event) => save(event, level)},
    element('input', {name: 'available', type: 'number', value: level.available, required: true, 'aria-label': t('available_of', names)}),
    element('button', {class: 'button', 'aria-label': t('save_available', names)}, t('save')));
}

function row(level) {
  const cell = (name, ...content) => element('td', {'data-label': t(name)}, ...content);
  const count = (name) => element('td', {class: 'number', 'data-label': t(name)}, String(level[name]));
  const mark = !level.tracked ? 'not_tracked' : !level.active && 'not_stocked';
  return element('tr', {}, cell('product', element('bdi', {}, level.title)),
    cell('sku', element('code', {}, element('bdi', {}, level.sku ?? t('no_sku')))),
    cell('location', element('span', {}, element('bdi', {}, level.location), mark ? ' ' : '', mark ? element('span', {class: 'badge plain'}, t(mark)) : '')),
    count('incoming'), count('committed'), count('on_hand'), cell('available', form(level)));
}

/** Draws the rows when they changed, and never while a person types in one. */
function show(found) {
  const now = JSON.stringify(found);
  if (now === last || document.activeElement?.closest('#levels form')) return;
  last = now;
  byId('levels').replaceChildren(...found.slice(0, MOST).map(row));
  byId('empty').hidden = found.length > 0;
  byId('more').hidden = found.length <= MOST;
  byId('more').textContent = t('first_rows', {count: MOST});
}

byId('words').value = address.get('query') ?? '';
byId('where').replaceChildren(...[['', t('any_place')], ...facts.locations.map(({id, name}) => [id, name])].map(([value, words]) => element('option', {value}, words)));
byId('where').value = address.get('where') ?? '';

const wanted = () => [byId('words').value.trim(), byId('where').value];
const refresh = repeat(async () => show(await shop.levels(...wanted(), MOST + 1)), 2000, (paused) => { byId('paused').hidden = !paused; });

byId('search').addEventListener('submit', (event) => {
  event.preventDefault();
  const [query, where] = wanted();
  history.replaceState(null, '', `?${new URLSearchParams({...(query && {query}), ...(where && {where})})}`);
  refresh();
});
byId('where').addEventListener('change', () => byId('search').requestSubmit());
draw();
