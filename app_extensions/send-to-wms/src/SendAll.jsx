import '@shopify/ui-extensions/preact';
import {render} from 'preact';
export default () => render(<s-text>x</s-text>, document.body);
