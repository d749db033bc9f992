// Asks a yes-or-no question.

import {element} from './page.js';

/** Resolves with whether the person said yes; Escape means no. */
export function confirmed(title, why, yes, no) {
  return new Promise((resolve) => {
    const end = (answer) => () => dialog.close(answer);
    const dialog = element('dialog', {class: 'question', 'aria-labelledby': 'question-title'},
      element('h2', {id: 'question-title'}, title), why ? element('p', {}, why) : null,
      element('div', {class: 'actions'},
        element('button', {type: 'button', class: 'button', onclick: end('')}, no),
        element('button', {type: 'button', class: 'button primary', onclick: end('yes')}, yes)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
