// Long lists: filters, pages of a table, and what loads when it is opened.
(() => {
  'use strict';
  const {$, say, go} = tagdock;

  // Filters: a plain GET, sent as soon as a choice is made.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-filter]')) return;
    event.preventDefault();
    const url = new URL(form.getAttribute('action'), location.href);
    for (const [name, value] of new FormData(form)) if (value) url.searchParams.set(name, value);
    go(url);
  });
  document.addEventListener('change', (event) => {
    const form = event.target.closest?.('[data-filter]');
    if (form) form.requestSubmit();
  }, true);

  // Pages of a table.
  document.addEventListener('nextpage', (event) => go(event.target.dataset.next), true);
  document.addEventListener('previouspage', (event) => go(event.target.dataset.previous), true);

  async function load(address, place) {
    const response = await fetch(address, {headers: {'Accept-Language': document.documentElement.lang}});
    place.innerHTML = response.ok ? await response.text() : '';
    if (!response.ok) place.textContent = say('unreachable');
  }

  document.addEventListener('toggle', (event) => {
    const details = event.target;
    if (!details.open || !details.dataset?.load || details.loaded) return;
    details.loaded = true;
    load(details.dataset.load, $('[data-loaded]', details)).catch(() => {
      details.loaded = false;
      $('[data-loaded]', details).textContent = say('unreachable');
    });
  }, true);

  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-more]');
    if (button) load(button.dataset.more, button.parentElement).catch(() => {});
  });
})();
