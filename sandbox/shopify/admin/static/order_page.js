// One order: its lines, tags and places, what a merchant does by hand, the app's actions and blocks.

import {draw} from './app_nav.js';
import {asked, confirmed} from './dialogs.js';
import {offerExtensions, showBlocks} from './extensions.js';
import {chip, named} from './formats.js';
import {drawFulfillment} from './fulfillment_parts.js';
import {menu} from './menu.js';
import {drawDetails, drawRisk, editAddress} from './order_details.js';
import {changedQuantities, drawBadges, drawCustomer, drawItems} from './order_parts.js';
import {byId, element, facts, storePath, t} from './page.js';
import {repeat} from './refreshing.js';
import {drawReturns} from './return_parts.js';
import {shop} from './shop.js';
import {attempt, toast} from './toasts.js';

const ACTION = 'admin.order-details.action.render';
const BLOCK = 'admin.order-details.block.render';
const REASONS = ['CUSTOMER', 'INVENTORY', 'FRAUD', 'DECLINED', 'STAFF', 'OTHER'];
const id = `gid://shopify/Order/${facts.number}`;
const drawn = new Map();
let order = null;
let turns = 0; // rises when something is begun and when it is done

/** Draws a part only when what it shows has changed, and never while a person types in it. */
function redraw(name, place, shown, drawPart) {
  const [now, focused] = [JSON.stringify(shown), document.activeElement];
  const within = place.contains(focused);
  if (drawn.get(name) === now || (within && focused.matches('input, textarea, select'))) return;
  drawn.set(name, now);
  drawPart();
  if (within && !focused.isConnected) keepFocus(place);
}

/** Whether a person has changed a quantity and not saved it yet. */
function hasUnsaved(form) {
  return [...form.querySelectorAll('input')].some(({value, defaultValue}) => value !== defaultValue);
}

/** The button that had the focus is gone: stay where it was. */
function keepFocus(place) {
  place.tabIndex = -1;
  place.focus();
}

/** Does something that changes the order, and shows it as `work` found it afterwards. */
async function change(work) {
  turns += 1;
  const done = await attempt(async () => show(await work()));
  turns += 1;
  if (done) toast(t('saved'));
}

const act = (deed, body) => change(() => shop.act(facts.number, deed, body));

/** Opens or changes a return, then shows the order as it is. */
const actOnReturn = (work) => change(async () => {
  await work();
  return shop.order(facts.number);
});

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
    open && button(t(order.closedAt ? 'reopen' : 'close_order'), () => act(order.closedAt ? 'reopen' : 'close')),
    open && button(t('cancel'), cancel),
    !open && button(t('delete_order'), remove),
  ].filter(Boolean));
}

async function cancel() {
  const options = REASONS.map((code) => [code, named(code)]);
  const [name, fields] = [order.name, [{name: 'reason', label: t('reason'), options}]];
  const values = await asked(`${t('cancel')} ${name}`, fields, t('yes_cancel'), {why: t('cancel_why'), no: t('no_keep')});
  if (values) act('cancel', values);
}

async function remove() {
  if (!await confirmed(t('delete_order'), t('delete_sure', {name: order.name}), t('delete_order'), t('no_keep'))) return;
  if (await attempt(() => shop.act(facts.number, 'delete'))) location.assign(storePath('/orders'));
}

function show(found) {
  order = found;
  const state = [found.displayFinancialStatus, found.displayFulfillmentStatus, found.cancelledAt, found.closedAt, found.fullyPaid, found.fulfillment_orders?.length];
  drawBadges(byId('badges'), found);
  redraw('deeds', byId('deeds'), state, drawDeeds);
  if (!hasUnsaved(byId('items'))) redraw('items', byId('items'), [found.lines, found.cancelledAt], () => drawItems(byId('items'), found, act));
  redraw('fulfillment', byId('fulfillment'), [found.fulfillment_orders, found.fulfillments], () => drawFulfillment(byId('fulfillment'), found, act));
  redraw('returns', byId('returns'), [found.returns, found.refunds, found.returnable], () => drawReturns(byId('returns'), found, actOnReturn));
  redraw('tags', byId('tags'), found.tags, drawTags);
  redraw('customer', byId('customer'), [found.customer, found.shippingAddress, found.cancelledAt], () => drawCustomer(byId('customer'), found, () => editAddress(order, act)));
  redraw('risk', byId('risk'), found.risk, () => drawRisk(byId('risk'), found));
  redraw('details', byId('details'), [found.customAttributes, found.metafields], () => drawDetails(byId('details'), found, act));
  redraw('note', byId('note'), found.note, () => { byId('note-text').value = found.note ?? ''; });
  byId('add-item').hidden = Boolean(found.cancelledAt);
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
  for (const input of form.querySelectorAll('input')) input.defaultValue = input.value;
  if (lines.length) act('edit', {lines});
});
onSubmit('add-item', ({variant, quantity}) => act('edit', {lines: [{variant: variant.value, quantity: Number(quantity.value)}]}));
onSubmit('risk', ({recommendation}) => act('risk', {recommendation: recommendation.value}));
onSubmit('note', () => act('edit', {note: byId('note-text').value}));
onSubmit('add-tag', async (form) => {
  const tag = form.tag.value.trim();
  form.reset();
  if (tag) await act('tags', {add: [tag]});
  form.tag.focus();
});

/** Shows the order anew, unless it was being changed meanwhile: then it may have been read before. */
async function refresh() {
  const before = turns;
  const found = await shop.order(facts.number);
  if (turns === before) show(found);
}

repeat(refresh, 1000, (paused) => { byId('paused').hidden = !paused; });
attempt(async () => {
  const found = await shop.products();
  byId('variant').replaceChildren(...found.map(({id: value, product, sku}) => element('option', {value}, sku ? `${product} (${sku})` : product)));
});
const opener = menu(byId('more-actions'), t('more_actions'), (list) => offerExtensions(list, ACTION, [id], () => opener));
showBlocks(byId('blocks'), BLOCK, [id]);
draw();
