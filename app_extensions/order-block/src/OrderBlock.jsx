/** Order page: where the order is on its way to the warehouse, and what keeps it. */

import '@shopify/ui-extensions/preact';
import {render} from 'preact';

import {OrderCard} from '../../shared/components/OrderCard.jsx';

export default () =>
  render(<OrderCard host={shopify} id={shopify.data.selected[0]?.id ?? ''} />, document.body);
