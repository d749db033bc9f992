// Long lists: filters, pages of a table, and what loads when it is opened.
(() => {
  'use strict';
  const {$, ask, pressed, complain, go, here} = tagdock;

  // Filters: a plain GET, sent as soon as a choice is made; the field at hand has the focus again.
  const held = here.hash.slice(1);
  addEventListener('load', () => $('[data-filter]')?.elements[held]?.focus?.({preventScroll: true}));
  here.hash = '';
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-filter]')) return;
    event.preventDefault();
    const url = new URL(form.getAttribute('action'), location.href);
    for (const [name, value] of new FormData(form)) if (value) url.searchParams.set(name, value);
    url.hash = document.activeElement.name ?? '';
    go(url);
  });

  // A date that is typed changes at every digit: it counts once its field is left.
  let typed, owing;
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, ({key}) => { typed = key; }, true);
  document.addEventListener('change', ({target}) => {
    const form = target.closest?.('[data-filter]');
    owing = typed && target.matches('s-date-field') && target === document.activeElement && form;
    if (!owing) form?.requestSubmit();
  }, true);
  document.addEventListener('focusout', () => owing && setTimeout(() => owing.requestSubmit()));

  // Pages of a table.
  document.addEventListener('nextpage', (event) => go(event.target.dataset.next), true);
  document.addEventListener('previouspage', (event) => go(event.target.dataset.previous), true);

  /** Shows what an address holds; whether it came. */
  async function load(address, place) {
    const {ok, body} = await ask(address, 'GET', undefined, 'text/html');
    if (ok) place.innerHTML = body;
    else complain(body.error, place.firstElementChild ? null : place);
    return ok;
  }

  document.addEventListener('toggle', async ({target}) => {
    if (!target.open || !target.dataset?.load || target.loaded) return;
    target.loaded = true;
    target.loaded = await load(target.dataset.load, $('[data-loaded]', target));
  }, true);

  pressed('[data-more]', (button) => load(button.dataset.more, button.parentElement));
})();
