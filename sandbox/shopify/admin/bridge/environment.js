// What App Bridge knows from the page that loads it: whose app, which shop, where.

const own = document.currentScript;
const query = new URLSearchParams(location.search);

/** A parameter of this page, or of an earlier one in this frame. */
function remembered(name) {
  const key = `app-bridge-${name}`;
  const given = query.get(name);
  try {
    if (given) sessionStorage.setItem(key, given);
    return given ?? sessionStorage.getItem(key) ?? undefined;
  } catch {
    return given ?? undefined;
  }
}

const config = Object.freeze({
  apiKey: own.dataset.apiKey ?? document.querySelector('meta[name=shopify-api-key]')?.content,
  shop: remembered('shop'),
  host: remembered('host'),
  locale: remembered('locale') ?? 'en',
});
const embedded = parent !== window;

async function idToken() {
  if (!embedded) throw new Error('App Bridge works only inside the admin. Open the app from there.');
  return line.ask('idToken');
}

/** An address of the app as the admin would open it, with a fresh ID token. */
async function freshAddress(address) {
  const url = new URL(address, location.origin);
  const known = {embedded: '1', shop: config.shop, host: config.host, locale: config.locale};
  for (const [name, value] of Object.entries(known)) {
    if (value && !url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  url.searchParams.set('id_token', await idToken());
  return url;
}
