/** Order list, nothing selected: sends every order that waits to be sent. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {SendAction} from '../../shared/components/SendAction.jsx';
import {speaker} from '../../shared/host.js';
import {EVERYTHING} from '../../shared/requests.js';

export default () => render(<SendAll />, document.body);

function SendAll() {
  return (
    <SendAction host={shopify} requests={EVERYTHING}>
      <s-paragraph>{speaker(shopify)('intro.all')}</s-paragraph>
    </SendAction>
  );
}
