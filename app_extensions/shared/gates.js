/** The gates of an order as a person reads them: what keeps it, what is fine, what mends it. */

/** @import {Translate} from './host.js' */
/** @import {Gate, OrderStatus} from './values.js' */

/** Gates whose labels stand in the locale files. A gate that is not among them shows its name. */
const LABELLED = new Set([
  'connection', 'tracked', 'automatic', 'kind', 'risk', 'paid', 'cooloff', 'edited', 'age',
  'routed', 'shippable', 'location', 'hold', 'reshipped', 'fields', 'sku', 'accepted',
]);

/** What mends a gate, by its name: the app's page for it, or the action that sends. */
const REMEDIES = /** @type {const} */ ({
  settings: {words: 'fix.settings', address: 'app:settings/connection'},
  rules: {words: 'fix.rules', address: 'app:settings'},
  access: {words: 'fix.access', address: 'app:settings'},
  map: {words: 'fix.map', address: 'app:settings'},
  add: {words: 'fix.add', address: null},
  send: {words: 'fix.send', address: null},
});

/**
 * @typedef {object} Remedy
 * @property {string} words  A key of the locale file.
 * @property {string | null} address  Null: the action that sends mends it.
 */

/**
 * The gates that keep the order. None once it is on its way or there: what would have kept it is
 * past, or a person overrode it.
 *
 * @param {OrderStatus} status
 */
export function failing({state, reason, gates}) {
  const past = (state === 'syncing' || state === 'synced') && !reason;
  return past ? [] : gates.filter((gate) => !gate.ok);
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
 * page in Shopify.
 *
 * @param {Gate} gate
 * @returns {Remedy | null}
 */
export function remedyOf({gate, fix}) {
  if (gate === 'accepted') return {words: 'fix.again', address: null};
  return fix && Object.hasOwn(REMEDIES, fix) ? REMEDIES[/** @type {keyof REMEDIES} */ (fix)] : null;
}
