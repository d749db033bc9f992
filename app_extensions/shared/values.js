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
 * @property {{message: string} | null} [paused]  Why it gets no further until a person has mended the
 *   connection; null while it goes on.
 * @property {number} total
 * @property {number} done
 * @property {Item[]} items
 * @property {string | null} [next_cursor]
 *
 * @typedef {object} ToSend
 * @property {number} count  How many orders are tagged to send.
 * @property {{message: string} | null} [paused]  Why none goes until a person has mended the
 *   connection; null while they go.
 *
 * @typedef {object} Gate  One condition that an order must meet.
 * @property {string} gate
 * @property {boolean} ok
 * @property {string | null} message
 * @property {boolean} [keeps]  Whether it keeps the order now.
 * @property {string} [note]  What there is to say of one that is closed and passed all the same.
 * @property {string} [fix]  The name of what mends it; empty when nothing a person does.
 * @property {string} [address]  Where that is done: a path in the app, or a page of Shopify's.
 * @property {Way[]} [ways]  Where else it is looked into.
 *
 * @typedef {object} Way  A place that has more to say of a gate.
 * @property {string} name  What it is called in the locale files.
 * @property {string} address
 *
 * @typedef {object} WarehouseOrder  What one warehouse is asked to ship of an order.
 * @property {string | null} warehouse
 * @property {number | null} revision  Null while nothing was sent.
 * @property {string} state
 * @property {string} external_id
 * @property {string | null} job
 * @property {boolean} [held]  Whether the warehouse keeps it back.
 * @property {string} [standing]  How far the warehouse is with it, in words; empty when it has not
 *   said so.
 *
 * @typedef {object} OrderStatus  Where one order is.
 * @property {'untracked' | 'no_sync' | 'syncing' | 'synced' | 'error'} state
 * @property {string | null} job
 * @property {string | null} message
 * @property {Gate[]} gates
 * @property {{message: string} | null} [ended]  Why sending it would do nothing; null when it may be
 *   sent.
 * @property {{message: string} | null} [settled]  Says that nothing of it waits; null while
 *   something does.
 * @property {string | null} [connection]  How the connection to the warehouse is; null without one.
 * @property {string | null} [reason]  Why it is there: a gate's name or a code of the warehouse.
 * @property {string} [path]  Its page in the app.
 * @property {WarehouseOrder[]} [warehouse_orders]
 * @property {string | null} [since]  RFC 3339; since when the warehouse has the order.
 *
 * @typedef {{ids: string[]} | {all: 'no-sync'}} Request  The body of one send.
 */

export {};
