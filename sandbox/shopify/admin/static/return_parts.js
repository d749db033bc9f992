// An order's returns and refunds, and what may be done with each.

import {asked} from './dialogs.js';
import {money, named, status} from './formats.js';
import {element, t} from './page.js';
import {shop} from './shop.js';

const REASONS = ['UNKNOWN', 'SIZE_TOO_SMALL', 'SIZE_TOO_LARGE', 'UNWANTED', 'NOT_AS_DESCRIBED', 'WRONG_ITEM', 'DEFECTIVE', 'STYLE', 'COLOR', 'OTHER'];
const DECLINES = ['OTHER', 'FINAL_SALE', 'RETURN_PERIOD_ENDED'];
const ENDS = ['RESTOCKED', 'NOT_RESTOCKED', 'MISSING', 'PROCESSING_REQUIRED'];

const choices = (codes) => codes.map((code) => [code, named(code)]);
const units = ({quantity, sku, title}, ...more) => element('li', {}, `${quantity} × `, element('bdi', {}, sku || title), ...more);

/** Numbers a person chose, by the name of their field. */
const chosen = (values, rows, key) => rows
  .map((row) => ({[key]: row.id, quantity: Number(values[row.id])}))
  .filter(({quantity}) => quantity > 0);

async function create(order, act) {
  const rows = order.returnable;
  const fields = rows.map(({id, sku, title, quantity}) => ({
    name: id, type: 'number', min: 0, max: quantity, value: quantity, required: true, label: t('units_of', {title: sku || title, count: quantity}),
  }));
  const values = await asked(t('create_return'), [...fields,
    {name: 'reason', label: t('reason'), options: choices(REASONS)}, {name: 'note', label: t('note')},
    {name: 'status', label: t('begins'), options: [['OPEN', named('OPEN')], ['REQUESTED', t('asked_by_customer')]]},
  ], t('create_return'));
  if (!values) return;
  const {reason, note, status: begins} = values;
  const lines = chosen(values, rows, 'line_id').map((line) => ({...line, reason, note}));
  if (lines.length) act(() => shop.openReturn({order: order.id, lines, status: begins}));
}

const waiting = (one) => one.reverse_fulfillment_orders.flatMap(({lines}) => lines).filter(({left}) => left > 0);

async function receive(one, act) {
  const rows = waiting(one);
  const fields = rows.map(({id, sku, left}) => ({
    name: id, type: 'number', min: 0, max: left, value: left, required: true, label: t('left_of', {title: sku ?? '–', count: left}),
  }));
  const places = (await shop.locations()).filter(({active}) => active).map(({id, name}) => [id, name]);
  const values = await asked(t('receive'), [
    {name: 'type', label: t('received_as'), options: choices(ENDS)}, {name: 'location', label: t('location'), options: places}, ...fields,
  ], t('receive'));
  if (!values) return;
  const lines = chosen(values, rows, 'id');
  if (lines.length) act(() => shop.actOnReturn(one.number, 'dispose', {type: values.type, location: values.location, lines}));
}

async function decline(one, act) {
  const values = await asked(t('decline'), [{name: 'reason', label: t('reason'), options: choices(DECLINES)}, {name: 'note', label: t('note')}], t('decline'));
  if (values) act(() => shop.actOnReturn(one.number, 'decline', values));
}

function steps(one, act) {
  const button = (words, onclick) => element('button', {type: 'button', class: 'button', onclick}, words);
  const plainly = (deed) => () => act(() => shop.actOnReturn(one.number, deed));
  const [open, asks] = [one.status === 'OPEN', one.status === 'REQUESTED'];
  const untouched = one.lines.every(({processed}) => !processed) && one.reverse_fulfillment_orders.every(({lines}) => lines.every(({dispositions}) => !dispositions.length));
  return [
    asks && button(t('approve'), plainly('approve')),
    asks && button(t('decline'), () => decline(one, act)),
    open && waiting(one).length > 0 && button(t('receive'), () => receive(one, act)),
    open && one.lines.some(({processed, quantity}) => processed < quantity) && button(t('process'), plainly('process')),
    open && button(t('close_return'), plainly('close')),
    one.status === 'CLOSED' && button(t('reopen_return'), plainly('reopen')),
    (open || asks) && untouched && button(t('cancel_return'), plainly('cancel')),
  ].filter(Boolean);
}

/** What became of the goods: `2 × TS-M: Restocked, Milano`. */
function ends(one) {
  return one.reverse_fulfillment_orders.flatMap(({lines}) => lines).flatMap(({sku, dispositions}) => dispositions.map(({type, quantity, location}) =>
    units({quantity, sku, title: '–'}, `: ${[named(type), type === 'RESTOCKED' && location].filter(Boolean).join(', ')}`)));
}

function line(row) {
  const why = [named(row.reason), row.note].filter(Boolean).join(': ');
  const done = row.processed ? `, ${t('processed', {count: row.processed})}` : '';
  return units(row, ` (${why}${done})`);
}

function drawOne(one, act) {
  const found = ends(one);
  return element('li', {},
    element('p', {}, element('strong', {}, element('bdi', {}, one.name)), ' ', status(one.status)),
    element('ul', {class: 'units'}, ...one.lines.map(line)),
    found.length ? element('ul', {class: 'units'}, ...found) : null,
    one.decline ? element('p', {class: 'quiet'}, [named(one.decline.reason), one.decline.note].filter(Boolean).join(': ')) : null,
    element('div', {class: 'steps'}, ...steps(one, act)));
}

function refund(one) {
  return element('li', {}, money(one.amount), one.note ? element('span', {class: 'quiet'}, ' ', element('bdi', {}, one.note)) : '');
}

/** Draws returns and refunds; `act(work)` does something and shows the order again. */
export function drawReturns(place, order, act) {
  const begin = element('button', {type: 'button', class: 'button', onclick: () => create(order, act)}, t('create_return'));
  place.replaceChildren(
    order.returns.length ? element('ul', {class: 'plain'}, ...order.returns.map((one) => drawOne(one, act))) : element('p', {class: 'quiet'}, t('no_returns')),
    ...(order.returnable.length ? [element('div', {class: 'steps'}, begin)] : []),
    ...(order.refunds.length ? [element('h3', {}, t('refunds')), element('ul', {}, ...order.refunds.map(refund))] : []));
}

export const goods = (one) => element('ul', {class: 'units'}, ...one.lines.map((row) => units(row)));
