// The save bar: forms marked `data-save-bar` show it while what they hold differs from the start.

const saveBar = (() => {
  const starts = new WeakMap();
  let changed = null;

  const content = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  const formOf = (event) => event.target.closest?.('form[data-save-bar]');

  function remember(form) {
    if (form && !starts.has(form)) starts.set(form, content(form));
  }

  function show(form) {
    if (changed !== form) line.tell('saveBar', true);
    changed = form;
  }

  function hide() {
    if (changed) line.tell('saveBar', false);
    changed = null;
  }

  function compare(form) {
    remember(form);
    if (content(form) === starts.get(form)) hide();
    else show(form);
  }

  function settle(form) {
    starts.set(form, content(form));
    hide();
  }

  const rememberAll = () => document.querySelectorAll('form[data-save-bar]').forEach(remember);
  addEventListener('DOMContentLoaded', rememberAll);
  for (const name of ['focusin', 'pointerdown']) {
    addEventListener(name, (event) => remember(formOf(event)), true);
  }
  for (const name of ['input', 'change']) {
    addEventListener(name, (event) => formOf(event) && compare(formOf(event)));
  }
  addEventListener('submit', (event) => formOf(event) && settle(formOf(event)));
  addEventListener('reset', (event) => {
    const form = formOf(event);
    if (form) setTimeout(() => settle(form));
  });

  /** A bar that a page opened by name has its own buttons. */
  const press = (bar, selector) => bar.querySelector(selector)?.click();
  const isForm = () => changed instanceof HTMLFormElement;
  line.on('save', () => (isForm() ? changed.requestSubmit() : changed && press(changed, '[variant=primary]')));
  line.on('discard', () => (isForm() ? changed.reset() : changed && press(changed, ':not([variant=primary])')));

  return {
    get dirty() {
      return changed !== null;
    },
    async show(id) {
      show(document.getElementById(id));
    },
    async hide() {
      hide();
    },
    async toggle(id) {
      if (changed) hide();
      else show(document.getElementById(id));
    },
    /** Resolves when the page may be left. */
    async leaveConfirmation() {
      if (changed && !(await line.ask('leave'))) throw new Error('The person stays.');
      hide();
    },
  };
})();
