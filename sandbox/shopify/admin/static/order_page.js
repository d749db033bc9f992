// One order: its lines, tags and places, what a merchant does by hand, the app's actions and blocks.

import {draw} from './app_nav.js';
import {confirmed} from './dialogs.js';
import {offerExtensions, showBlocks} from './extensions.js';
import {chip} from './formats.js';
import {menu} from './menu.js';
import {changedQuantities, drawBadges, drawCustomer, drawFulfillment, drawItems} from './order_parts.js';
import {byId, element, facts, t} from './page.js';
import {repeat} from './refreshing.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

const ACTION = 'admin.order-details.action.render';
const BLOCK = 'admin.order-details.block.render';
const id = `gid://shopify/Order/${facts.number}`;
const drawn = new Map();
let order = null;

/** Draws a part only when what it shows has changed, and never while a person types in it. */
function redraw(name, place, shown, drawPart) {
  const [now, focused] = [JSON.stringify(shown), document.activeElement];
  const within = place.contains(focused);
  if (drawn.get(name) === now || (within && focused.matches('input, textarea'))) return;
  drawn.set(name, now);
  drawPart();
  if (within && !focused.isConnected) keepFocus(place);
}

/** The button that had the focus is gone: stay where it was. */
function keepFocus(place) {
  place.tabIndex = -1;
  place.focus();
}

async function act(deed, body) {
  const done = await attempt(async () => show(await shop.act(facts.number, deed, body)));
  if (done) toast(t('saved'));
}

function drawTags() {
  const remove = (tag) => element('button', {
    type: 'button', 'aria-label': t('remove_tag', {tag}), onclick: () => act('tags', {remove: [tag]}),
  }, '×');
  const chips = order.tags.map((tag) => chip(tag, remove(tag)));
  byId('tags').replaceChildren(...(chips.length ? chips : [element('li', {class: 'quiet'}, t('no_tags'))]));
}

function drawDeeds() {
  const button = (words, onclick) => element('button', {type: 'button', class: 'button', onclick}, words);
  const open = !order.cancelledAt;
  byId('deeds').replaceChildren(...[
    open && !order.fullyPaid && button(t('pay'), () => act('pay')),
    open && !order.fulfillment_orders?.length && button(t('route'), () => act('route')),
    open && !order.closedAt && button(t('close_order'), () => act('close')),
    open && button(t('cancel'), cancel),
  ].filter(Boolean));
}

async function cancel() {
  const sure = await confirmed(t('cancel'), t('cancel_sure', {name: order.name}), t('yes_cancel'), t('no_keep'));
  if (sure) act('cancel');
}

function show(found) {
  order = found;
  const state = [found.displayFinancialStatus, found.displayFulfillmentStatus, found.cancelledAt, found.closedAt, found.fulfillment_orders?.length];
  drawBadges(byId('badges'), found);
  redraw('deeds', byId('deeds'), state, drawDeeds);
  redraw('items', byId('items'), [found.lines, found.cancelledAt], () => drawItems(byId('items'), found));
  redraw('fulfillment', byId('fulfillment'), found.fulfillment_orders, () => drawFulfillment(byId('fulfillment'), found, act));
  redraw('tags', byId('tags'), found.tags, drawTags);
  redraw('customer', byId('customer'), [found.customer, found.shippingAddress], () => drawCustomer(byId('customer'), found));
  redraw('note', byId('note'), found.note, () => { byId('note-text').value = found.note ?? ''; });
}

function onSubmit(formId, work) {
  byId(formId).addEventListener('submit', (event) => {
    event.preventDefault();
    document.activeElement?.blur();
    work(event.target);
  });
}

onSubmit('items', (form) => {
  const lines = changedQuantities(form, order);
  if (lines.length) act('edit', {lines});
});
onSubmit('note', () => act('edit', {note: byId('note-text').value}));
onSubmit('add-tag', async (form) => {
  const tag = form.tag.value.trim();
  form.reset();
  if (tag) await act('tags', {add: [tag]});
  form.tag.focus();
});

repeat(async () => show(await shop.order(facts.number)), 1000, (paused) => { byId('paused').hidden = !paused; });
const opener = menu(byId('more-actions'), t('more_actions'), (list) => offerExtensions(list, ACTION, [id], () => opener));
showBlocks(byId('blocks'), BLOCK, [id]);
draw();
