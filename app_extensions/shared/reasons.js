/** The gates whose names stand in the locale files, and what a person's own send overrides. */

/** @import {Gate} from './values.js' */

/** In the order in which they are shown. */
export const GATES = [
  'connection', 'tracked', 'automatic', 'kind', 'risk', 'paid', 'cooloff', 'age', 'routed',
  'shippable', 'location', 'hold', 'reshipped', 'fields', 'sku', 'accepted',
];

/** Gates that hold orders back only while no person asks for them. */
const OVERRIDDEN = new Set(['tracked', 'automatic', 'cooloff', 'risk', 'reshipped', 'accepted']);

/**
 * The gates that would keep this order from going even when a person sends it.
 *
 * @param {Gate[]} gates
 */
export function blocking(gates) {
  return gates.filter((gate) => !gate.ok && !OVERRIDDEN.has(gate.gate));
}
