/** Order list, nothing selected: sends every order that waits to be sent. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {Paused} from '../../shared/components/Paused.jsx';
import {SendAction} from '../../shared/components/SendAction.jsx';
import {speaker} from '../../shared/host.js';
import {EVERYTHING} from '../../shared/requests.js';
import {useToSend} from '../../shared/useToSend.js';

export default () => render(<SendAll />, document.body);

function SendAll() {
  const t = speaker(shopify);
  const found = useToSend(shopify);
  const words = found ? t('intro.counted', {count: found.count}) : t('intro.all');
  return (
    <SendAction host={shopify} requests={EVERYTHING}>
      <s-paragraph>{found?.count === 0 ? t('nothing') : words}</s-paragraph>
      <Paused found={found} host={shopify} />
    </SendAction>
  );
}
