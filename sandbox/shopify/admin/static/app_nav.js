// The app's own navigation, as it last told it, under its name.

import {byId, element, facts, storePath} from './page.js';

const KEY = `app-navigation-${facts.handle}`;
const APP = storePath(`/apps/${facts.appHandle}`);

/** An app's own path without what only the frame needs. */
export function cleanPath(href) {
  const url = new URL(href, facts.appUrl);
  ['shop', 'host', 'embedded', 'id_token', 'locale'].forEach((name) => url.searchParams.delete(name));
  return url.pathname + url.search;
}

export function remember(items) {
  sessionStorage.setItem(KEY, JSON.stringify(items));
  draw();
}

/** Draws the links; the one of the page in the frame is current. */
export function draw(open) {
  const items = JSON.parse(sessionStorage.getItem(KEY) ?? '[]').filter(({home}) => !home);
  const here = cleanPath(location.pathname.slice(APP.length) || '/').split('?')[0];
  const onApp = location.pathname.startsWith(APP);
  byId('app-nav').replaceChildren(...items.map(({href, words}) => {
    const path = cleanPath(href);
    const current = onApp && here === path.split('?')[0];
    const follow = open && ((event) => {
      event.preventDefault();
      open(path);
    });
    return element('li', {}, element('a', {href: APP + path, 'aria-current': current && 'page', ...(follow && {onclick: follow})}, words));
  }));
}
