// Asks a question: yes or no, or for some values.

import {element, t} from './page.js';

let count = 0;

function actions(verb, no, end, submits) {
  return element('div', {class: 'actions'},
    element('button', {type: 'button', class: 'button', onclick: end('')}, no),
    element('button', {type: submits ? 'submit' : 'button', value: 'yes', class: 'button primary', ...(!submits && {onclick: end('yes')})}, verb));
}

/** Shows a dialog with `content`; resolves with whether the person said yes. Escape means no. */
function opened(dialog) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function confirmed(title, why, yes, no) {
  const end = (answer) => () => dialog.close(answer);
  const dialog = element('dialog', {class: 'question', 'aria-labelledby': 'question-title'},
    element('h2', {id: 'question-title'}, title), why ? element('p', {}, why) : null, actions(yes, no, end, false));
  return opened(dialog);
}

function control({name, type = 'text', value = '', options, ...attributes}, id) {
  if (!options) return element('input', {id, name, type, value, autocomplete: 'off', ...attributes});
  return element('select', {id, name, ...attributes}, ...options.map(([choice, words]) =>
    element('option', {value: choice, selected: choice === value}, words)));
}

/** A labelled field: `{name, label, type, value, options: [[value, words]], …attributes}`. */
export function field({label, ...rest}) {
  count += 1;
  const id = `field-${count}`;
  return element('p', {class: 'field'}, element('label', {for: id}, label), control(rest, id));
}

/** Asks for the values of some fields; resolves with them by name, or with null. */
export async function asked(title, fields, verb, {why, no = t('back')} = {}) {
  const end = (answer) => () => dialog.close(answer);
  const form = element('form', {method: 'dialog'},
    element('h2', {id: 'question-title'}, title), why ? element('p', {}, why) : null,
    ...fields.map(field), actions(verb, no, end, true));
  const dialog = element('dialog', {class: 'question', 'aria-labelledby': 'question-title'}, form);
  return (await opened(dialog)) ? Object.fromEntries(new FormData(form)) : null;
}
