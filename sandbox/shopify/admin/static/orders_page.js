// The list of orders: live, selectable, with the app's actions.

import {draw} from './app_nav.js';
import {offerExtensions} from './extensions.js';
import {menu} from './menu.js';
import {orderTable} from './order_table.js';
import {byId, t} from './page.js';
import {repeat} from './refreshing.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

const NOTHING_SELECTED = 'admin.order-index.action.render';
const SELECTION = 'admin.order-index.selection-action.render';

function sayWrite(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

const table = orderTable(byId('orders'), () => {
  const [count, size] = [table.selected().length, table.size()];
  const words = count === 0 ? 'order_count' : count === 1 ? 'selected_one' : 'selected';
  sayWrite(byId('selected'), t(words, {count: count || size}));
  byId('select-all').disabled = size === 0;
  byId('select-all').checked = count > 0 && count === size;
  byId('select-all').indeterminate = count > 0 && count < size;
});

const refresh = repeat(async () => {
  table.update(await shop.orders());
  byId('empty').hidden = table.size() > 0;
  byId('orders').removeAttribute('aria-busy');
}, 1000, (paused) => { byId('paused').hidden = !paused; });

byId('select-all').addEventListener('change', ({target}) => table.selectAll(target.checked));
byId('create').addEventListener('click', () => attempt(async () => {
  const {names} = await shop.create({});
  toast(t('created', {name: names[0]}));
  await refresh();
}));

const opener = menu(byId('more-actions'), t('more_actions'), (list) => {
  const ids = table.selected();
  return offerExtensions(list, ids.length ? SELECTION : NOTHING_SELECTED, ids, () => opener);
});
draw();
