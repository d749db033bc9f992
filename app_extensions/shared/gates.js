/** The gates of an order as a person reads them: what keeps it, what is fine, what mends it. */

/** @import {Translate} from './host.js' */
/** @import {Gate, OrderStatus} from './values.js' */
/** @import {Sight} from './watching.js' */

/** Gates whose labels stand in the locale files. A gate that is not among them shows its name. */
const LABELLED = new Set([
  'connection', 'tracked', 'automatic', 'kind', 'risk', 'paid', 'cooloff', 'edited', 'age',
  'routed', 'shippable', 'location', 'hold', 'reshipped', 'fields', 'sku', 'accepted',
]);

/** The remedies whose names stand in the locale files. */
const REMEDIES = new Set(['settings', 'rules', 'access', 'map', 'product', 'add', 'send']);

/** The places with more to say whose names stand in the locale files. */
const WAYS = new Set(['product', 'skus']);

/** Remedies that are deeds, not places. @type {ReadonlySet<string>} */
const DEEDS = new Set(['add', 'send']);

/** To these the warehouse, or a person, has had a word before: they are sent again. */
const AGAIN = new Set(['accepted', 'edited', 'reshipped']);

/**
 * @typedef {object} Remedy
 * @property {string} name  What it is called in the locale files.
 * @property {string | null} href  Where it is done; null for a deed.
 * @property {'add' | 'send' | null} deed
 */

/**
 * The gates that keep the order, as Tagdock told: a closed gate that it is past, or that a person
 * overrode, keeps it no longer.
 *
 * @param {OrderStatus} status
 */
export function failing({gates}) {
  return gates.filter((gate) => gate.keeps);
}

/**
 * The gates that let the order go.
 *
 * @param {OrderStatus} status
 */
export function passing({gates}) {
  return gates.filter((gate) => gate.ok);
}

/**
 * That nothing of the order waits, and why sending it would do nothing, unless a gate that keeps it
 * says so already: each sentence once.
 *
 * @param {OrderStatus} status
 */
export function endings(status) {
  const known = new Set(failing(status).map((gate) => gate.message));
  const told = new Set([status.settled?.message, status.ended?.message]);
  return [...told].filter((message) => message && !known.has(message));
}

/**
 * Whether a person may send the order: not where that would do nothing, nor before anything is
 * known of it.
 *
 * @param {Sight} sight
 */
export function maySend({status, unseen}) {
  return status ? !status.ended : unseen;
}

/**
 * A gate in a few words.
 *
 * @param {Gate} gate
 * @param {Translate} t
 */
export function gateLabel({gate}, t) {
  return LABELLED.has(gate) ? t(`gate.${gate}`) : gate;
}

/**
 * What a person does about a closed gate; null when nothing, or when it is done on the order's own
 * page, where the card is.
 *
 * @param {Gate} gate
 * @param {string} id  The order's gid.
 * @returns {Remedy | null}
 */
export function remedyOf({gate, fix = '', address = ''}, id) {
  if (!REMEDIES.has(fix)) return null;
  if (DEEDS.has(fix)) return {name: deedName(gate, fix), href: null, deed: /** @type {'add' | 'send'} */ (fix)};
  const here = address.endsWith(`/orders/${numberOf(id)}`);
  return address && !here ? {name: fix, href: addressed(address), deed: null} : null;
}

/** @param {string} gate @param {string} fix */
function deedName(gate, fix) {
  return fix === 'send' && AGAIN.has(gate) ? 'again' : fix;
}

/**
 * The places that have more to say of a closed gate, as far as they have a name here.
 *
 * @param {Gate} gate
 */
export function waysOf({ways = []}) {
  return ways.filter(({name}) => WAYS.has(name))
    .map(({name, address}) => ({name, href: addressed(address)}));
}

/**
 * A path of the app as the admin around it understands it; other addresses as they are.
 *
 * @param {string} address
 */
export function addressed(address) {
  return address.startsWith('/') ? `app:${address.slice(1)}` : address;
}

/** @param {string} id */
function numberOf(id) {
  return id.slice(id.lastIndexOf('/') + 1);
}
