import {warehouseState} from '../states.js';

/** @import {Translate} from '../host.js' */
/** @import {OrderStatus, WarehouseOrder} from '../values.js' */

/** So many warehouse orders are shown; the app's page has them all. */
const MOST = 10;

/**
 * What each warehouse has of the order; nothing while there is no warehouse order.
 *
 * @param {{status: OrderStatus, t: Translate}} props
 */
export function WarehouseOrders({status, t}) {
  const orders = status.warehouse_orders ?? [];
  if (orders.length === 0) return null;
  return (
    <s-stack gap="small-300">
      <s-heading>{t('warehouse.heading')}</s-heading>
      {orders.slice(0, MOST).map((order) => <Row key={order.external_id} order={order} t={t} />)}
      {orders.length > MOST && <s-paragraph>{t('warehouse.more', {count: orders.length - MOST})}</s-paragraph>}
    </s-stack>
  );
}

/** "WH-1 · Revision 2 · Picking · Job id 7f3c" @param {{order: WarehouseOrder, t: Translate}} props */
function Row({order, t}) {
  return (
    <s-paragraph>
      <s-text type="strong" dir="auto">{order.warehouse ?? '–'}</s-text>
      {order.revision !== null && <> · {t('warehouse.revision', {revision: order.revision})}</>}
      {' · '}{order.standing || warehouseState(order.state, t)}
      {order.held && <> · {t('warehouse.held')}</>}
      {order.job && <> · <s-text color="subdued">{t('job', {job: order.job})}</s-text></>}
    </s-paragraph>
  );
}
