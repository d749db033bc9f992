/** Order page: sends that order, after saying what the warehouse has of it. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';

import {Introduction} from '../../shared/components/Introduction.jsx';
import {SendAction} from '../../shared/components/SendAction.jsx';
import {apiOf} from '../../shared/host.js';
import {requestsFor} from '../../shared/requests.js';

/** @import {OrderStatus} from '../../shared/values.js' */

/** The introduction may keep a person waiting for this many milliseconds. */
const PATIENCE = 5_000;

export default () => render(<SendOrder />, document.body);

function SendOrder() {
  const ids = shopify.data.selected.map((order) => order.id);
  const [status, loading] = useStatus(ids[0] ?? '');
  return (
    <SendAction host={shopify} requests={requestsFor(ids)} unnamed loading={loading}>
      <Introduction status={status} host={shopify} />
    </SendAction>
  );
}

/**
 * The order's status once known, and whether it is still awaited; sending needs no status.
 *
 * @param {string} id
 * @returns {[OrderStatus | null, boolean]}
 */
function useStatus(id) {
  const [status, setStatus] = useState(/** @type {OrderStatus | null | undefined} */ (undefined));
  useEffect(() => {
    apiOf(shopify).orderStatus(id, PATIENCE).then(setStatus, () => setStatus(null));
  }, [id]);
  return [status ?? null, status === undefined];
}
