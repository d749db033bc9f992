// The table of orders: rows that keep their checkbox while their values change.

import {chip, marks, moment, money, status} from './formats.js';
import {element, storePath, t} from './page.js';
import {numberOf} from './shop.js';

/** What a cell shows, by column; a cell is drawn anew only when its values changed. */
const CELLS = {
  order: ({id, name, test, cancelledAt, closedAt}) => [
    element('a', {href: storePath(`/orders/${numberOf(id)}`)}, element('bdi', {}, name)),
    ...marks({test, cancelledAt, closedAt}),
  ],
  date: ({createdAt}) => [moment(createdAt)],
  customer: ({customer}) => [element('bdi', {}, customer ?? t('no_customer'))],
  total: ({total}) => [money(total)],
  payment: ({displayFinancialStatus}) => [status(displayFinancialStatus)],
  fulfillment: ({displayFulfillmentStatus}) => [status(displayFulfillmentStatus)],
  tags: ({tags}) => [element('ul', {class: 'tags'}, ...tags.map((tag) => chip(tag)))],
};

function makeRow(order) {
  const box = element('input', {type: 'checkbox', value: order.id, 'aria-label': t('select_order', {name: order.name})});
  const cells = Object.keys(CELLS).map((name) => element('td', {class: name, 'data-label': t(name)}));
  return element('tr', {'data-id': order.id}, element('td', {class: 'check'}, box), ...cells);
}

function fillRow(row, order) {
  Object.entries(CELLS).forEach(([name, draw], index) => {
    const cell = row.children[index + 1];
    const made = element('td', {}, ...draw(order));
    if (cell.innerHTML !== made.innerHTML) cell.replaceChildren(...made.childNodes);
  });
}

/** Keeps `body` as the list of orders says, newest first; `changed()` hears of the selection. */
export function orderTable(body, changed) {
  const rows = new Map();
  const drawn = new Map();
  let last = null;
  const boxes = () => [...body.querySelectorAll('input[type=checkbox]')];
  const touch = (box) => {
    box.closest('tr').classList.toggle('chosen', box.checked);
    last = box;
  };

  body.addEventListener('click', ({target, shiftKey}) => {
    if (target.type !== 'checkbox') return;
    if (shiftKey && last?.isConnected) range(last, target).forEach((box) => { box.checked = target.checked; });
    boxes().forEach((box) => box.closest('tr').classList.toggle('chosen', box.checked));
    touch(target);
    changed();
  });

  function range(from, to) {
    const all = boxes();
    const ends = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
    return all.slice(ends[0], ends[1] + 1);
  }

  /** Draws a row's cells, if anything about its order has changed. */
  function fill(order) {
    const now = JSON.stringify(order);
    if (drawn.get(order.id) === now) return;
    drawn.set(order.id, now);
    fillRow(rows.get(order.id), order);
  }

  function update(orders) {
    const gone = new Set(rows.keys());
    for (const order of orders) {
      gone.delete(order.id);
      if (!rows.has(order.id)) {
        rows.set(order.id, makeRow(order));
        body.prepend(rows.get(order.id));
      }
      fill(order);
    }
    for (const id of gone) {
      rows.get(id).remove();
      rows.delete(id);
      drawn.delete(id);
    }
    changed();
  }

  return {
    update,
    size: () => rows.size,
    selected: () => boxes().filter((box) => box.checked).map((box) => box.value),
    selectAll: (checked) => {
      boxes().forEach((box) => {
        box.checked = checked;
        touch(box);
      });
      changed();
    },
  };
}
