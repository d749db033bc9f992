// `fetch` as Shopify changes it: requests to the app carry the person's ID token.

const RETRY = 'X-Shopify-Retry-Invalid-Session-Request';

/**
 * Replaces `fetch`. `base` resolves relative addresses; those on `base`'s origin get a token from
 * `token()`, once more when the app asks for a fresh one; `failed()` hears when nothing answered.
 */
function authorizeFetch({base, token, failed = () => {}}) {
  const plain = globalThis.fetch.bind(globalThis);
  const ours = new URL(base).origin;

  async function authorized(url, options, headers) {
    const sent = new Headers(headers);
    sent.set('Authorization', `Bearer ${await token()}`);
    return plain(url, {...options, headers: sent});
  }

  async function toTheApp(url, options, headers) {
    try {
      const response = await authorized(url, options, headers);
      const again = response.status === 401 && response.headers.get(RETRY);
      return again ? await authorized(url, options, headers) : response;
    } catch (error) {
      if (error instanceof TypeError) failed();
      throw error;
    }
  }

  globalThis.fetch = async (input, options = {}) => {
    const given = input instanceof Request ? input : null;
    const url = new URL(given ? given.url : input, base);
    const headers = new Headers(options.headers ?? given?.headers);
    if (url.origin !== ours || headers.has('Authorization')) return plain(given ?? url, options);
    return toTheApp(given ? given.clone() : url, options, headers);
  };
}
