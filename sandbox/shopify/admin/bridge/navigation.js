// The admin's address follows the frame; its navigation shows the app's; links may leave the frame.

const HIDDEN = ['embedded', 'shop', 'host', 'id_token', 'locale', 'hmac', 'session', 'timestamp', 'link_source'];

/** This page's address without what the admin adds. */
function ownAddress() {
  const url = new URL(location.href);
  HIDDEN.forEach((name) => url.searchParams.delete(name));
  return url.pathname + url.search + url.hash;
}

function reportPlace() {
  line.tell('place', ownAddress(), document.title);
}

function reportNavigation() {
  const nav = document.querySelector('s-app-nav, ui-nav-menu');
  if (!nav) return;
  const items = [...nav.querySelectorAll('a, s-link')].map((link) => ({
    href: link.getAttribute('href'), words: link.textContent.trim(), home: link.getAttribute('rel') === 'home',
  }));
  line.tell('navigation', items);
}

/** Addresses that only the admin can open. */
const forTheAdmin = (href) => /^(shopify|app|extension):/.test(href);

function linkOf(event) {
  return event.composedPath().find((one) => one instanceof Element && one.matches('a[href]'));
}

async function leave(href) {
  await saveBar.leaveConfirmation();
  location.assign(href);
}

function followLink(event) {
  const link = linkOf(event);
  if (!link || event.defaultPrevented) return;
  const href = link.getAttribute('href');
  const leaves = !['_blank', '_top'].includes(link.target) && !href.startsWith('#');
  if (forTheAdmin(href)) {
    event.preventDefault();
    line.tell('navigate', href);
  } else if (leaves && saveBar.dirty) {
    event.preventDefault();
    leave(link.href).catch(() => {});
  }
}

function watchNavigation() {
  addEventListener('click', followLink);
  for (const method of ['pushState', 'replaceState']) {
    const plain = history[method];
    history[method] = function changed(...values) {
      plain.apply(this, values);
      reportPlace();
    };
  }
  addEventListener('popstate', reportPlace);
  addEventListener('DOMContentLoaded', () => {
    reportPlace();
    reportNavigation();
    const changes = new MutationObserver(reportNavigation);
    const nav = document.querySelector('s-app-nav, ui-nav-menu');
    if (nav) changes.observe(nav, {childList: true, subtree: true, attributes: true, characterData: true});
  });
  const plainOpen = globalThis.open;
  globalThis.open = (address, ...rest) => {
    if (!forTheAdmin(String(address))) return plainOpen.call(globalThis, address, ...rest);
    line.tell('navigate', String(address));
    return null;
  };
}
