// Runs one extension: asks the admin which, loads its script, calls what it extends.

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, {src: address, onload: resolve});
    script.onerror = () => reject(new Error(`${address} could not be loaded.`));
    document.head.append(script);
  });
}

/** Links with an address leave the frame through the admin. */
function sendLinksHome() {
  addEventListener('click', (event) => {
    const link = event.composedPath().find((one) => one instanceof Element && one.matches('a[href]'));
    if (!link) return;
    event.preventDefault();
    line.tell('navigate', link.getAttribute('href'));
  });
  globalThis.open = (address) => {
    line.tell('navigate', String(address));
    return null;
  };
}

function reportSize() {
  const report = () => line.tell('size', Math.ceil(document.body.getBoundingClientRect().height));
  new ResizeObserver(report).observe(document.body);
}

function reportFailures() {
  addEventListener('error', ({message}) => line.tell('failed', message));
  addEventListener('unhandledrejection', ({reason}) => line.tell('failed', String(reason?.message ?? reason)));
}

async function start() {
  const run = await line.ask('start');
  const shopify = makeShopify(run);
  globalThis.shopify = shopify;
  document.documentElement.lang = run.language;
  authorizeFetch({base: run.appUrl, token: shopify.auth.idToken, failed: () => line.tell('unreachable')});
  await loadScript(new URL(run.script, HOME).href);
  const callback = extended.get(run.target);
  if (!callback) throw new Error(`The script does not extend ${run.target}.`);
  const result = await callback(shopify);
  if (run.target.endsWith('.should-render')) line.tell('result', {display: Boolean(result?.display)});
}

reportFailures();
addEventListener('keydown', ({key, defaultPrevented}) => {
  if (key === 'Escape' && !defaultPrevented) line.tell('close');
});
addEventListener('DOMContentLoaded', () => {
  sendLinksHome();
  reportSize();
  start().catch((error) => line.tell('failed', error.message));
});
