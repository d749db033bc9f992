// A button that opens a list of actions, for mouse and keyboard.

import {element} from './page.js';

let count = 0;

/**
 * Puts a menu into `place`. `fill(list)` is called on each opening and adds items with `item`.
 * Returns the button.
 */
export function menu(place, words, fill) {
  count += 1;
  const id = `menu-${count}`;
  const list = element('div', {id, class: 'menu-list', role: 'menu', 'aria-label': words, hidden: true});
  const button = element('button', {type: 'button', class: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': id}, `${words} `, element('span', {'aria-hidden': 'true'}, '▾'));
  const items = () => [...list.querySelectorAll('[role=menuitem]')];

  function show(open) {
    list.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  }

  async function open() {
    list.replaceChildren();
    show(true);
    await fill(list);
    items()[0]?.focus();
  }

  function step(by) {
    const all = items();
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length]?.focus();
  }

  const keys = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: () => items()[0]?.focus(), End: () => items().at(-1)?.focus(),
    Escape: () => {
      show(false);
      button.focus();
    },
  };
  place.addEventListener('keydown', (event) => {
    if (list.hidden || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  button.addEventListener('click', () => (list.hidden ? open() : show(false)));
  list.addEventListener('click', (event) => event.target.closest('[role=menuitem]') && show(false));
  document.addEventListener('click', (event) => !place.contains(event.target) && show(false));
  place.addEventListener('focusout', ({relatedTarget}) => relatedTarget && !place.contains(relatedTarget) && show(false));
  place.append(button, list);
  return button;
}

export function item(words, onclick) {
  return element('button', {type: 'button', role: 'menuitem', tabindex: '-1', onclick}, words);
}
