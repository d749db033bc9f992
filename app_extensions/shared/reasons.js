/** Why orders wait or fail, in words, and what a person's own send overrides. */

/** @import {Translate} from './host.js' */
/** @import {Gate} from './values.js' */

/** Reasons whose names stand in the locale files: the gates as a person meets them, then codes. */
const NAMED = new Set([
  'connection', 'tracked', 'automatic', 'kind', 'risk', 'paid', 'cooloff', 'edited', 'age',
  'routed', 'shippable', 'location', 'hold', 'reshipped', 'fields', 'sku', 'accepted',
  'sku-unknown', 'warehouse-unknown', 'out-of-stock', 'address-invalid', 'duplicate', 'too-late',
  'cancel-too-late', 'revision-conflict', 'unsupported', 'rate-limited', 'invalid', 'rejected', 'gave-up', 'retrying',
  'overdue',
  'cancelled', 'wms-cancelled', 'deleted', 'left-behind',
]);

/** Gates that hold orders back only while no person asks for them. */
const OVERRIDDEN = new Set([
  'tracked', 'automatic', 'cooloff', 'edited', 'risk', 'reshipped', 'accepted',
]);

/**
 * The gates that would keep this order from going even when a person sends it.
 *
 * @param {Gate[]} gates
 */
export function blocking(gates) {
  return gates.filter((gate) => !gate.ok && !OVERRIDDEN.has(gate.gate));
}

/**
 * A reason in a few words; null for a code that has none.
 *
 * @param {string | null} reason
 * @param {Translate} t
 */
export function reasonWords(reason, t) {
  return reason && NAMED.has(reason) ? t(`reason.${reason}`) : null;
}
