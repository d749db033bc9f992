// Short messages at the bottom of the page.

import {byId, element, t} from './page.js';

/** Shows a message; `action` is a button's words. Returns the function that removes it. */
export function toast(message, {isError = false, duration = 5000, action, onAction, onGone} = {}) {
  const close = element('button', {type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => remove()}, '×');
  const button = action && element('button', {type: 'button', class: 'act', onclick: () => onAction?.()}, action);
  const shown = element('div', {class: isError ? 'toast error' : 'toast'}, element('span', {}, message), button || null, close);
  const timer = setTimeout(() => remove(), duration);
  function remove() {
    clearTimeout(timer);
    if (!shown.isConnected) return;
    shown.remove();
    onGone?.();
  }
  byId('toasts').append(shown);
  return remove;
}

/** Runs something; a refusal becomes a toast. Returns whether it was done. */
export async function attempt(work) {
  try {
    await work();
    return true;
  } catch (error) {
    toast(t('refused', {message: error.message}), {isError: true});
    return false;
  }
}
