// Puts the global `shopify` together and starts; on the page that lacks a token, fetches one.

/** The patch-token page: go back to where the person wanted to be, with a fresh token. */
async function reload(address) {
  const url = await freshAddress(address);
  if (url.origin === location.origin) location.replace(url);
}

globalThis.shopify = {
  config,
  origin: HOME,
  ready: Promise.resolve(),
  environment: {embedded, mobile: false, intent: false, pos: false},
  idToken,
  toast,
  saveBar,
  scopes,
  loading: (on = true) => line.tell('loading', Boolean(on)),
  navigation: {navigate: (address) => globalThis.open(address, '_self')},
  user: async () => ({accountAccess: 'full'}),
};

const wanted = query.get('shopify-reload');
if (wanted && embedded) {
  reload(wanted).catch((error) => line.tell('failed', error.message));
} else if (embedded) {
  authorizeFetch({base: location.href, token: idToken, failed: () => line.tell('unreachable')});
  watchNavigation();
}
