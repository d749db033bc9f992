import {CLOCK} from '../following.js';
import {apiOf, speaker} from '../host.js';
import {folded} from '../states.js';
import {useSight} from '../useSight.js';
import {CardButtons} from './CardButtons.jsx';
import {Gates} from './Gates.jsx';
import {Standing} from './Standing.jsx';
import {Trouble} from './Trouble.jsx';
import {WarehouseOrders} from './WarehouseOrders.jsx';

/** @import {CardHost} from '../host.js' */

/**
 * The card on an order's page: its state, what keeps it, what the warehouses have, what to do.
 *
 * @param {{host: CardHost, id: string}} props
 */
export function OrderCard({host, id}) {
  const t = speaker(host);
  const [sight, look] = useSight(apiOf(host), id, CLOCK);
  /** @param {string} handle  Opens an action of the app, which will change the order. */
  const open = (handle) => {
    host.navigation.navigate(`extension:${handle}`);
    look({eager: true});
  };
  const {status, failure} = sight;
  return (
    <s-admin-block heading={t('heading')} collapsedSummary={folded(sight, t)}>
      <s-stack gap="base">
        <Standing sight={sight} host={host} t={t} />
        {failure && <Trouble failure={failure} t={t} />}
        {status && <Gates status={status} send={() => open('send-to-wms')} t={t} />}
        {status && <WarehouseOrders status={status} t={t} />}
        <CardButtons sight={sight} open={open} refresh={() => look({eager: false})} t={t} />
      </s-stack>
    </s-admin-block>
  );
}
