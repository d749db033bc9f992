// The app's extensions on this page: offered in a menu, run in a dialog or in a block.

import {element, facts, storePath, t} from './page.js';
import {runExtension} from './extension_frame.js';
import {item} from './menu.js';
import {go} from './places.js';

const PATIENCE = 5000;

export async function extensionsOn(target) {
  const response = await fetch(storePath(`/extensions.json?target=${encodeURIComponent(target)}`));
  return response.json();
}

/** Whether an extension wants to be offered for these orders; no answer in time means no. */
function wanted(extension, ids) {
  if (!extension.conditions || extension.missing) return Promise.resolve(true);
  const target = extension.target.replace(/\.render$/, '.should-render');
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), PATIENCE);
    const run = runExtension(extension, {target, script: extension.conditions, ids}, {
      result: ({display}) => settle(display), failed: () => settle(false),
    });
    function settle(display) {
      clearTimeout(timer);
      run.remove();
      resolve(display);
    }
    run.frame.className = 'unseen';
    run.frame.setAttribute('aria-hidden', 'true');
    document.body.append(run.frame);
  });
}

/** Fills a menu with the extensions of a target; those that ask the app first come as it answers. */
export async function offerExtensions(list, target, ids, opener) {
  const found = await extensionsOn(target);
  const places = found.map((extension) => [extension, element('div', {role: 'presentation'})]);
  const waiting = element('p', {class: 'menu-note', role: 'presentation'}, t('asking_app'));
  list.append(...places.map(([, place]) => place), waiting);
  await Promise.all(places.map(async ([extension, place]) => {
    if (await wanted(extension, ids)) place.append(item(extension.name, () => openAction(extension, ids, opener())));
  }));
  waiting.remove();
  if (!list.querySelector('[role=menuitem]')) list.append(element('p', {class: 'menu-note', role: 'presentation'}, t('no_actions')));
}

function problem(sentence, why) {
  return element('div', {class: 'notice critical', role: 'alert'}, element('strong', {}, sentence), why ? ` ${why}` : '');
}

/** Follows an address; `extension:` ones open that extension's action for the same orders. */
async function follow(address, {target}, ids) {
  const [, handle] = /^extension:(?:\/\/)?(.+)$/.exec(address) ?? [];
  if (!handle) return go(address);
  const actions = await extensionsOn(target.replace('.block.', '.action.'));
  const named = actions.find((one) => one.handle === handle);
  if (named) openAction(named, ids, document.activeElement);
  else go(address);
}

/** Puts a run into `place` and tells there what goes wrong. Returns how to end it. */
function mount(place, extension, ids, hears) {
  if (extension.missing) {
    place.append(problem(t('not_built'), t('not_built_why', {file: extension.missing})));
    return () => {};
  }
  const said = new Set();
  const say = (sentence, why) => {
    if (!said.has(sentence)) place.prepend(problem(sentence, why));
    said.add(sentence);
  };
  const run = runExtension(extension, {target: extension.target, script: extension.bundle, ids}, {
    size: (height) => { run.frame.style.height = `${height}px`; },
    failed: (message) => say(t('extension_failed', {message})),
    unreachable: () => say(t('app_down', {url: facts.appUrl}), t('app_down_why')),
    navigate: (address) => follow(address, extension, ids),
    ...hears,
  });
  place.append(run.frame);
  return run.remove;
}

/** Runs an action in a dialog; on closing, the focus goes back to where it came from. */
export function openAction(extension, ids, opener) {
  const close = element('button', {type: 'button', class: 'dialog-close', 'aria-label': t('close'), onclick: () => dialog.close()}, '×');
  const dialog = element('dialog', {class: 'action', 'aria-label': extension.name});
  document.body.append(dialog);
  const end = mount(dialog, extension, ids, {close: () => dialog.close()});
  if (extension.missing) dialog.append(close);
  dialog.addEventListener('close', () => {
    end();
    dialog.remove();
    opener?.focus();
  });
  dialog.showModal();
  dialog.querySelector('iframe')?.focus();
}

/** Renders every block extension of a target into `place`. */
export async function showBlocks(place, target, ids) {
  for (const extension of await extensionsOn(target)) {
    const card = element('div', {class: 'card block'});
    place.append(card);
    mount(card, extension, ids, {});
  }
}
