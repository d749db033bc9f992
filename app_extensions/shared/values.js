/**
 * The values that travel between Tagdock and its extensions, in one place.
 *
 * @typedef {'sent' | 'waiting' | 'skipped' | 'failed'} Outcome
 *
 * @typedef {object} Item  What became of one order.
 * @property {string} id  The order's gid.
 * @property {string | null} name  "#1001", or null when Tagdock has not read the order yet.
 * @property {Outcome} outcome
 * @property {string | null} reason  A gate's name or a code of the warehouse.
 * @property {string | null} message  A sentence for a person.
 *
 * @typedef {object} Receipt  The answer to a send.
 * @property {string | null} run
 * @property {number} queued
 * @property {Omit<Item, 'outcome'>[]} skipped
 *
 * @typedef {object} Run  How far a run is.
 * @property {'running' | 'done'} state
 * @property {number} total
 * @property {number} done
 * @property {Item[]} items
 * @property {string | null} [next_cursor]
 *
 * @typedef {object} Gate  One condition that an order must meet.
 * @property {string} gate
 * @property {boolean} ok
 * @property {string | null} message
 * @property {boolean} [keeps]  Whether it keeps the order now.
 * @property {string} [fix]  The name of what mends it; empty when nothing a person does.
 * @property {string} [address]  Where that is done: a path in the app, or a page of Shopify's.
 *
 * @typedef {object} WarehouseOrder  What one warehouse is asked to ship of an order.
 * @property {string | null} warehouse
 * @property {number | null} revision  Null while nothing was sent.
 * @property {string} state
 * @property {string} external_id
 * @property {string | null} job
 * @property {boolean} [held]  Whether the warehouse keeps it back.
 *
 * @typedef {object} OrderStatus  Where one order is.
 * @property {'untracked' | 'no_sync' | 'syncing' | 'synced' | 'error'} state
 * @property {string | null} job
 * @property {string | null} message
 * @property {Gate[]} gates
 * @property {string | null} [reason]  Why it is there: a gate's name or a code of the warehouse.
 * @property {string} [path]  Its page in the app.
 * @property {WarehouseOrder[]} [warehouse_orders]
 * @property {string | null} [since]  RFC 3339; since when the warehouse has the order.
 *
 * @typedef {{ids: string[]} | {all: 'no-sync'}} Request  The body of one send.
 */

export {};
