import {useState} from 'preact/hooks';

import {asFailure} from '../failure.js';
import {CLOCK} from '../following.js';
import {apiOf, speaker} from '../host.js';
import {folded} from '../states.js';
import {useSight} from '../useSight.js';
import {CardButtons} from './CardButtons.jsx';
import {Gates} from './Gates.jsx';
import {Standing} from './Standing.jsx';
import {Trouble} from './Trouble.jsx';
import {WarehouseOrders} from './WarehouseOrders.jsx';

/** @import {Failure} from '../failure.js' */
/** @import {CardHost} from '../host.js' */

/**
 * The card on an order's page: its state, what keeps it, what the warehouses have, what to do.
 *
 * @param {{host: CardHost, id: string}} props
 */
export function OrderCard({host, id}) {
  const t = speaker(host);
  const {sight, trouble, look, deeds} = useDeeds(host, id);
  return (
    <s-admin-block heading={t('heading')} collapsedSummary={folded(sight, t)}>
      <s-stack gap="base">
        <Standing sight={sight} host={host} t={t} />
        {trouble && <Trouble failure={trouble} t={t} />}
        {sight.status && <Gates status={sight.status} id={id} deeds={deeds} t={t} />}
        {sight.status && <WarehouseOrders status={sight.status} t={t} />}
        <CardButtons sight={sight} deeds={deeds} refresh={() => look(false)} host={host} t={t} />
      </s-stack>
    </s-admin-block>
  );
}

/**
 * What is known of the order, what went wrong last, and what a person can do to it: each deed looks
 * closely what becomes of it.
 *
 * @param {CardHost} host
 * @param {string} id
 */
function useDeeds(host, id) {
  const api = apiOf(host);
  const [sight, look] = useSight(api, id, CLOCK);
  const [refusal, setRefusal] = useState(/** @type {Failure | null} */ (null));
  /** @param {string} handle */
  const open = (handle) => {
    host.navigation.navigate(`extension:${handle}`);
    look(true);
  };
  const deeds = {
    send: () => open('send-to-wms'),
    update: () => open('update-status'),
    add: () => api.add(id).then(() => setRefusal(null), (thrown) => setRefusal(asFailure(thrown)))
      .then(() => look(true)),
  };
  return {sight, trouble: sight.failure ?? refusal, look, deeds};
}
