/** Order list, a selection: sends those orders, whatever their tag. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {SendAction} from '../../shared/components/SendAction.jsx';
import {speaker} from '../../shared/host.js';
import {requestsFor} from '../../shared/requests.js';

export default () => render(<SendSelected />, document.body);

function SendSelected() {
  const ids = shopify.data.selected.map((order) => order.id);
  return (
    <SendAction host={shopify} requests={requestsFor(ids)}>
      <s-paragraph>{speaker(shopify)('intro.selected', {count: ids.length})}</s-paragraph>
    </SendAction>
  );
}
