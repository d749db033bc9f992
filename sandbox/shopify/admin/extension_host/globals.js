// The global `shopify` that an extension finds.

const extended = new Map();

/** Everything kept for one extension by the admin, which survives the frame. */
function makeStorage() {
  const ask = (method) => (...values) => line.ask('storage', method, ...values);
  const entries = async () => (await ask('entries')()).values();
  return {
    get: ask('get'), set: ask('set'), delete: ask('delete'), clear: ask('clear'), entries,
    getMany: (keys) => Promise.all(keys.map((key) => line.ask('storage', 'get', key))),
    setMany: async (values) => {
      for (const [key, value] of Object.entries(values)) await line.ask('storage', 'set', key, value);
    },
    deleteMany: async (keys) => {
      const done = await Promise.all(keys.map((key) => line.ask('storage', 'delete', key)));
      return Object.fromEntries(keys.map((key, index) => [key, done[index]]));
    },
  };
}

function makeIntents() {
  const invoke = async (intent) => ({complete: line.ask('intent', intent)});
  const ended = async () => line.tell('close');
  return {launchUrl: undefined, invoke, response: {ok: ended, error: ended, closed: ended}};
}

/** `run` is what the admin says about this run of an extension. */
function makeShopify(run) {
  const idToken = () => line.ask('idToken');
  return {
    extension: {target: run.target},
    extend: (target, callback) => extended.set(target, callback),
    data: {selected: run.selected},
    close: () => line.tell('close'),
    auth: {idToken},
    i18n: makeI18n(run),
    query: (document, options = {}) => line.ask('query', document, options),
    intents: makeIntents(),
    storage: makeStorage(),
    navigation: {navigate: (address) => line.tell('navigate', String(address))},
  };
}
