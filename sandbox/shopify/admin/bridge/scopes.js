// shopify.scopes: what the app may do; the admin asks the person for more.

/** The names as a list, or a sentence about what is wrong with them. */
function namesOf(scopes) {
  const right = Array.isArray(scopes) && scopes.length && scopes.every((one) => typeof one === 'string' && one);
  if (!right) throw new TypeError('Name the scopes in a list.');
  return [...new Set(scopes)];
}

const scopes = {
  /** `{granted, required, optional}`, each a list of names. */
  query: async () => line.ask('scopes'),

  /** Resolves with `{result: 'granted-all' | 'declined-all', detail}`, rejects what the app's file does not name. */
  request: async (wanted) => line.ask('requestScopes', namesOf(wanted)),

  /** Gives optional scopes back; resolves with `{detail}`. */
  revoke: async (given) => line.ask('revokeScopes', namesOf(given)),
};
