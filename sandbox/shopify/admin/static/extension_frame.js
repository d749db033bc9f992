// One run of an extension in a sandboxed frame.

import {connect} from './line.js';
import {element, facts, locale, storePath} from './page.js';
import {go} from './places.js';
import {shop} from './shop.js';

/** What an extension keeps, in this browser and this store. */
function storageOf(handle) {
  const key = `extension-${facts.handle}-${handle}`;
  const read = () => JSON.parse(localStorage.getItem(key) ?? '{}');
  const write = (values) => localStorage.setItem(key, JSON.stringify(values));
  return {
    get: (name) => read()[name],
    set: (name, value) => write({...read(), [name]: value}),
    entries: () => Object.entries(read()),
    clear: () => write({}),
    delete: (name) => {
      const {[name]: gone, ...kept} = read();
      write(kept);
      return gone !== undefined;
    },
  };
}

async function query(document, options) {
  const response = await fetch(storePath('/graphql'), {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({query: document, ...options}),
  });
  return response.json();
}

/**
 * Makes the frame that runs `extension` on `target` with the selected orders' ids. `hears` may hold
 * `close`, `size`, `failed`, `unreachable`, `result` and `navigate`. `remove()` ends the run.
 */
export function runExtension(extension, {target, script, ids}, hears = {}) {
  const frame = element('iframe', {sandbox: 'allow-scripts', title: extension.name, src: storePath('/extension-frame')});
  const storage = storageOf(extension.handle);
  const line = connect(frame, {
    ...hears,
    start: () => ({
      target, script, selected: ids.map((id) => ({id})), translations: extension.translations,
      language: facts.language, locale, zone: facts.zone, appUrl: facts.appUrl,
    }),
    idToken: shop.idToken,
    query,
    navigate: hears.navigate ?? go,
    intent: ({type = '', action = ''}) => {
      go(`shopify:admin/${type || action}`);
      return {code: 'closed'};
    },
    storage: (method, ...values) => storage[method](...values),
  });
  return {
    frame,
    remove: () => {
      line.end();
      frame.remove();
    },
  };
}
