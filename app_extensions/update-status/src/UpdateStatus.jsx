/** Order page, while the order is syncing: asks the warehouse now. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {CheckAction} from '../../shared/components/CheckAction.jsx';

export default () =>
  render(<CheckAction host={shopify} id={shopify.data.selected[0]?.id ?? ''} />, document.body);
