// Where addresses lead that only the admin can open: app:, shopify:, extension: and plain paths.

import {facts, storePath, t} from './page.js';
import {toast} from './toasts.js';

const APP = storePath(`/apps/${facts.appHandle}`);

const slashed = (path) => (path.startsWith('/') ? path : `/${path}`);

function adminPath(path) {
  const known = /^(orders(\/\d+)?|products|locations)(\?.*)?$/.exec(path);
  return known ? storePath(`/${path}`) : null;
}

/** The admin's address for one that an app or an extension gave; null when there is no such page. */
export function resolve(address) {
  const rules = [
    [/^app:(?:\/\/)?(.*)$/, (rest) => APP + slashed(rest)],
    [/^shopify:(?:\/\/)?\/?admin\/(.*)$/, adminPath],
    [/^extension:/, () => null],
    [/^(\/.*)$/, (path) => APP + path],
    [/^(https?:.*)$/, (url) => (url.startsWith(`${facts.appUrl}/`) ? APP + url.slice(facts.appUrl.length) : url)],
  ];
  const [pattern, make] = rules.find(([one]) => one.test(address)) ?? [/^/, () => null];
  return make(pattern.exec(address)[1]);
}

/** Goes there; other sites open in a new tab. */
export function go(address) {
  const url = resolve(address);
  if (!url) toast(t('no_page', {address}), {isError: true});
  else if (/^https?:/.test(url)) open(url, '_blank', 'noopener');
  else location.assign(url);
}
