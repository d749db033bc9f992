// Every return of the store, newest first.

import {draw} from './app_nav.js';
import {moment, status} from './formats.js';
import {byId, element, storePath, t} from './page.js';
import {repeat} from './refreshing.js';
import {goods} from './return_parts.js';
import {numberOf, shop} from './shop.js';

let last = '';

function row(one) {
  const cell = (name, ...content) => element('td', {'data-label': t(name)}, ...content);
  const link = element('a', {href: storePath(`/orders/${numberOf(one.order.id)}`)}, element('bdi', {}, one.name));
  return element('tr', {}, cell('return', link), cell('date', moment(one.created_at)), cell('returned_goods', goods(one)), cell('status', status(one.status)));
}

repeat(async () => {
  const found = (await shop.returns()).reverse();
  const now = JSON.stringify(found);
  if (now !== last) byId('returns').replaceChildren(...found.map(row));
  byId('empty').hidden = found.length > 0;
  last = now;
}, 2000, (paused) => { byId('paused').hidden = !paused; });
draw();
