// The app in its frame: address, navigation, toasts, save bar.

import {cleanPath, draw, remember} from './app_nav.js';
import {confirmed} from './dialogs.js';
import {connect} from './line.js';
import {byId, element, facts, storePath, t} from './page.js';
import {permissions} from './permissions.js';
import {go} from './places.js';
import {shop} from './shop.js';
import {toast} from './toasts.js';

const APP = storePath(`/apps/${facts.appHandle}`);
const toasts = new Map();
let line = null;

/** The address the frame loads, with all that Shopify adds. */
async function frameAddress(path) {
  const url = new URL(facts.appUrl + path);
  const added = {embedded: '1', shop: facts.shop, host: facts.host, locale: facts.language, id_token: await shop.idToken()};
  for (const [name, value] of Object.entries(added)) url.searchParams.set(name, value);
  return url.href;
}

const answers = () => fetch(`${facts.appUrl}/healthz`, {mode: 'no-cors', cache: 'no-store'}).then(() => true, () => false);

function showDown(path) {
  const again = element('button', {type: 'button', class: 'button', onclick: () => openPath(path)}, t('try_again'));
  byId('app').replaceChildren(element('div', {class: 'notice critical', role: 'alert'},
    element('strong', {}, t('app_down', {url: facts.appUrl})), ` ${t('app_down_why')} `, again));
  byId('app').removeAttribute('aria-busy');
}

function showToast({id, message, ...options}) {
  const remove = toast(message, {
    ...options,
    onAction: () => line.tell('toastAction', id),
    onGone: () => line.tell('toastDismissed', id),
  });
  toasts.set(id, remove);
}

const unsaved = () => !byId('save-bar').hidden;

function showSaveBar(visible) {
  byId('save-bar').hidden = !visible;
}

async function mayLeave() {
  if (!unsaved()) return true;
  const leaves = await confirmed(t('leave'), t('leave_why'), t('leave_yes'), t('leave_no'));
  if (leaves) showSaveBar(false);
  return leaves;
}

/** The frame is somewhere else now: so is the admin's address. */
function follow(path, title) {
  showSaveBar(false);
  byId('app-bar').hidden = true;
  byId('app').removeAttribute('aria-busy');
  history.replaceState(null, '', APP + path);
  if (title) document.title = `${title} · ${facts.appName}`;
  draw(openPath);
}

const services = {
  ...permissions,
  idToken: shop.idToken,
  place: follow,
  navigation: (items) => {
    remember(items);
    draw(openPath);
  },
  navigate: async (address) => (await mayLeave()) && go(address),
  toast: showToast,
  hideToast: (id) => toasts.get(id)?.(),
  saveBar: showSaveBar,
  leave: mayLeave,
  loading: (on) => { byId('app-bar').hidden = !on; },
  failed: (message) => toast(message, {isError: true}),
  unreachable: () => toast(t('app_down', {url: facts.appUrl}), {isError: true}),
};

/** Loads a path of the app into the frame. */
async function openPath(path) {
  if (!(await mayLeave())) return;
  if (!(await answers())) return showDown(path);
  line?.end();
  const frame = element('iframe', {title: t('app_frame', {app: facts.appName}), allow: 'clipboard-write', src: await frameAddress(path)});
  line = connect(frame, services, new URL(facts.appUrl).origin);
  frame.addEventListener('load', () => byId('app').removeAttribute('aria-busy'));
  byId('app').replaceChildren(frame);
}

byId('save-bar').addEventListener('click', ({target}) => target.dataset.does && line.tell(target.dataset.does));
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || !unsaved()) return;
  event.preventDefault();
  if (await mayLeave()) location.assign(link.href);
});
draw(openPath);
openPath(cleanPath(facts.path + location.search) + location.hash);
