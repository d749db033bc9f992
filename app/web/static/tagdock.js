// What every page does after it arrived: refreshes itself, posts, copies. Plain and small.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = JSON.parse($('#words').textContent);
  const say = (name, values = {}) =>
    words[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // The token that opened this page has done its work: keep it out of history.
  const here = new URL(location.href);
  if (here.searchParams.has('id_token')) {
    here.searchParams.delete('id_token');
    history.replaceState(history.state, '', here);
  }

  /** Goes to a page of ours with a fresh token, which saves a detour. */
  async function go(address) {
    const url = new URL(address, location.href);
    const held = document.activeElement;
    try {
      await shopify.saveBar?.leaveConfirmation?.();
    } catch {
      return held.focus();
    }
    try {
      url.searchParams.set('id_token', await shopify.idToken());
    } catch { /* the page sends us round by the detour */ }
    location.assign(url);
  }

  /** Posts JSON; returns {ok, body}, never throws. */
  async function ask(address, method = 'POST', body, html) {
    try {
      const response = await fetch(address, {
        method,
        headers: {'Content-Type': 'application/json', Accept: html ?? '*/*', 'Accept-Language': document.documentElement.lang},
        body,
      });
      return {ok: response.ok, body: await response[response.ok && html ? 'text' : 'json']()};
    } catch {
      return {ok: false, body: {error: say('unreachable')}};
    }
  }

  /** Calls back with each button that is pressed, unless it is at work. */
  const pressed = (selector, work) => document.addEventListener('click', (event) => {
    const button = event.target.closest?.(selector);
    if (button && !button.loading && !button.disabled) work(button, event);
  });

  /** Shows a button at work until the answer comes; the focus that it loses comes back. */
  async function during(button, work) {
    button.loading = true;
    const answer = await work;
    button.loading = false;
    if (document.activeElement === document.body) button.focus?.();
    return answer;
  }

  function announce(text, place, tone = 'auto') {
    const said = Object.assign(document.createElement('s-text'), {textContent: text, tone});
    (place ?? $('#status'))?.replaceChildren(text ? said : '');
  }
  const complain = (text, place) => announce(text, place, 'critical');
  const notify = (text) => shopify.toast ? shopify.toast.show(text) : announce(text);

  // Links within the app.
  pressed('[href]', (element, event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(element.getAttribute('href'), location.href);
    if (url.origin !== location.origin || element.getAttribute('target')) return;
    event.preventDefault();
    go(url);
  });

  // Live parts.
  const busy = (part) => part.contains(document.activeElement) && document.activeElement !== document.body
    || $('details[open], s-checkbox[checked]', part) || part.contains(getSelection().anchorNode) && !getSelection().isCollapsed;

  async function fetchPart(part) {
    const url = new URL(location.href);
    url.searchParams.set('part', part.dataset.part);
    if ('rows' in part.dataset) url.searchParams.set('shown', [...rowsOf(part).keys()].map((gid) => gid.split('/').pop()));
    const response = await fetch(url, {headers: {'If-None-Match': part.etag ?? ''}, cache: 'no-store'});
    if (response.status === 304) return null;
    if (!response.ok) throw new Error(response.status);
    part.etag = response.headers.get('ETag');
    return response.text();
  }

  async function refresh(part) {
    const html = await fetchPart(part);
    if (html === null) return;
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    if ('rows' in part.dataset) return tagdock.merge(part, fresh.content);
    if (!busy(part)) return part.replaceChildren(fresh.content);
    part.etag = null;
    swapCells(part, fresh.content);
  }

  const rowsOf = (part) => new Map($$('[data-order]', part).map((row) => [row.dataset.order, row]));

  function swapCells(shown, fresh) {
    for (const cell of $$('[data-live]', fresh)) {
      const old = $(`[data-live=${cell.dataset.live}]`, shown);
      if (old && old.innerHTML !== cell.innerHTML && !old.contains(document.activeElement)) old.innerHTML = cell.innerHTML;
    }
  }

  /** Offers an action; returns what is shown. */
  function offer(label, action, before = '') {
    const shown = document.createElement('span');
    shown.append(before, Object.assign(document.createElement('s-button'), {textContent: label, onclick: action}));
    ($('[data-offer]') ?? $('#status'))?.replaceChildren(shown);
    return shown;
  }

  /** Keeps a part live; returns its turn. */
  function keepLive(part) {
    const pace = () => ($('[data-every]', part) ?? part).dataset.every * 1000;
    let [pause, misses] = [pace(), 0];
    const turn = async () => {
      if (document.hidden) return;
      try {
        await refresh(part);
        [pause, misses] = [pace(), 0];
      } catch {
        [pause, misses, part.etag] = [Math.min(pause * 2, 60_000), misses + 1, null];
      }
      clearTimeout(timer);
      if (misses < 3) timer = setTimeout(turn, pause);
      else if (!paused?.isConnected) paused = offer(say('retry'), refreshAll, `${say('paused')} `);
    };
    let timer = setTimeout(turn, pause);
    return turn;
  }

  let paused;
  const turns = $$('[data-part]').map(keepLive);

  /** Looks after all parts, paused ones too. */
  function refreshAll() {
    paused?.remove();
    return Promise.all(turns.map((turn) => turn()));
  }
  document.addEventListener('visibilitychange', refreshAll);

  // Buttons that post.
  pressed('[data-post]', async (button) => {
    const {post, body, then, done, chosen} = button.dataset;
    const ids = chosen === undefined ? body : JSON.stringify({ids: tagdock.selected()});
    const answer = await during(button, ask(post, 'POST', ids));
    if (!answer.ok) return complain(answer.body.error, $(':scope > [data-verdict]', button.parentElement));
    if (then === 'reload') return go(location.href);
    if (chosen !== undefined) tagdock.deselect();
    else if (then !== 'refresh' && button.closest('[data-part]')) button.blur();
    if (then === 'follow') return tagdock.follow(answer.body);
    notify(done ?? say('started'));
    afterRun();
  });

  async function afterRun() {
    for (let turn = 0; turn < 5; turn += 1) {
      await refreshAll();
      await wait(2000);
    }
  }

  // Testing the connection: what is typed beside the button or on the page, else what is stored.
  async function test(verdict, form) {
    announce(say('testing'), verdict);
    if (form) tagdock.clear?.(form);
    const typed = form && JSON.stringify(tagdock.collect(form));
    const {body} = await ask('/api/connection/test', 'POST', typed);
    if (form && body.errors) tagdock.refuse(form, body, verdict);
    else announce(body.message ?? body.error, verdict, body.ok ? 'success' : 'critical');
    return body.ok;
  }

  pressed('[data-test]', async (button) => {
    const form = button.closest('form');
    await during(button, test($('[data-verdict]', form ?? button.parentElement), form ?? $('form[data-tested]')));
    if (form) refreshAll();
  });

  document.addEventListener('change', async (event) => {
    const box = event.target;
    if (!box.matches?.('[data-automatic]')) return;
    const answer = await ask('/api/connection', 'PUT', JSON.stringify({automatic: box.checked}));
    if (answer.ok) return shopify.toast?.show(say('saved'));
    box.checked = !box.checked;
    complain(answer.body.error);
  }, true);

  // Copying.
  pressed('[data-copy]', (button, event) => {
    event.stopPropagation();
    navigator.clipboard.writeText(button.dataset.copy).then(() => shopify.toast?.show(say('copied')), () => {});
  });

  globalThis.tagdock = {
    $, $$, say, ask, wait, pressed, during, announce, complain, go, here, test, busy, rowsOf, swapCells, offer, refreshAll, afterRun,
  };
})();
