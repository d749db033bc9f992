// What the app may do, and the question whether it may do more.

import {confirmed} from './dialogs.js';
import {facts, t} from './page.js';
import {shop} from './shop.js';

function ask(missing) {
  const title = t('more_access', {app: facts.appName, shop: facts.shop});
  return confirmed(title, t('more_access_why', {scopes: missing.join(', ')}), t('grant'), t('grant_no'));
}

/** Asks the person for what is not granted yet, and nothing when all of it is. */
async function request(wanted) {
  const detail = await shop.scopes();
  const declared = [...detail.required, ...detail.optional];
  const unknown = wanted.filter((scope) => !declared.includes(scope));
  if (unknown.length) throw new Error(t('not_declared', {scopes: unknown.join(', ')}));
  const missing = wanted.filter((scope) => !detail.granted.includes(scope));
  if (!missing.length) return {result: 'granted-all', detail};
  if (!(await ask(missing))) return {result: 'declined-all', detail};
  return {result: 'granted-all', detail: await shop.changeScopes({grant: missing})};
}

/** What a frame may ask about permissions. */
export const permissions = {
  scopes: shop.scopes,
  requestScopes: request,
  revokeScopes: async (given) => ({detail: await shop.changeScopes({revoke: given})}),
};
