// Installs the app and opens it.

import {draw} from './app_nav.js';
import {byId} from './page.js';
import {shop} from './shop.js';
import {attempt} from './toasts.js';

draw();
byId('install').addEventListener('click', async () => {
  if (await attempt(shop.install)) location.reload();
});
