/** Order list, a selection: sends those orders, whatever their tag. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {Paused} from '../../shared/components/Paused.jsx';
import {SendAction} from '../../shared/components/SendAction.jsx';
import {speaker} from '../../shared/host.js';
import {requestsFor} from '../../shared/requests.js';
import {useToSend} from '../../shared/useToSend.js';

export default () => render(<SendSelected />, document.body);

function SendSelected() {
  const ids = shopify.data.selected.map((order) => order.id);
  const found = useToSend(shopify);
  return (
    <SendAction host={shopify} requests={requestsFor(ids)}>
      <s-paragraph>{speaker(shopify)('intro.selected', {count: ids.length})}</s-paragraph>
      <Paused found={found} host={shopify} />
    </SendAction>
  );
}
