// Orders: rows that come in, orders that are selected, and what became of those that were sent.
(() => {
  'use strict';
  const {$, $$, say, ask, wait, announce, complain, go, here, busy, rowsOf, swapCells, offer, refreshAll, afterRun} = tagdock;

  /** Orders: badges and reasons change in place; new rows wait until they are asked for. */
  function merge(part, fresh) {
    const known = rowsOf(part);
    if (!known.size && !busy(part)) return part.replaceChildren(fresh);
    let added = 0;
    for (const row of $$('[data-order]', fresh)) {
      const old = known.get(row.dataset.order);
      if (old) swapCells(old, row);
      else added += 1;
    }
    if (added && !here.searchParams.has('cursor')) offer(say(added > 1 ? 'newOrders' : 'newOrder', {n: added}), () => go(here));
  }

  /** Watches a run and says how far it is, then what became of its orders. */
  async function follow({run, queued, skipped = []}) {
    if (queued === 0 && !skipped.length) return announce(say('nothing'));
    const early = skipped.length ? ` ${say('skippedAtOnce', {n: skipped.length})} ${reasons(skipped)}` : '';
    announce(`${queued === undefined ? say('asked') : say('queued', {n: queued})}${early}`);
    for (let misses = 0; run;) {
      await wait(2000);
      const {ok, body} = await read(run);
      misses = ok ? 0 : misses + 1;
      if (misses > 2) return complain(`${body.error}${early}`);
      if (!ok) continue;
      announce(`${say('progress', body)}${early}`);
      refreshAll();
      if (body.state !== 'done') continue;
      announce(`${summary(body.items)}${early}`);
      return afterRun();
    }
  }

  /** A run as it stands; one that is done with all its orders, page after page. */
  async function read(run, cursor = '') {
    const {ok, body} = await ask(`/api/runs/${run}?cursor=${cursor}`, 'GET');
    if (!ok || body.state !== 'done' || !body.next_cursor) return {ok, body};
    const rest = await read(run, body.next_cursor);
    if (rest.ok) rest.body.items.unshift(...body.items);
    return rest;
  }

  function summary(items) {
    const parts = ['sent', 'unchanged', 'waiting', 'skipped', 'failed'].map((outcome) => {
      const those = items.filter((item) => outcomeOf(item) === outcome);
      const why = ['sent', 'unchanged'].includes(outcome) ? '' : `: ${reasons(those)}`;
      return those.length ? `${say(outcome, {n: those.length})}${why}` : '';
    });
    return parts.filter(Boolean).join('. ');
  }

  /** What became of an order; a send that the warehouse had no need of is told apart. */
  const outcomeOf = ({outcome, reason}) => outcome === 'sent' && reason === 'unchanged' ? reason : outcome;

  function reasons(items) {
    const causes = new Map();
    for (const {id, name, message} of items) {
      causes.set(message, [...causes.get(message) ?? [], name ?? id.split('/').pop()]);
    }
    return [...causes].map(([message, names]) => `${message ?? ''} (${listed(names)})`).join(' ');
  }

  function listed(names) {
    const more = names.length > 10 ? ` ${say('more', {n: names.length - 10})}` : '';
    return `${names.slice(0, 10).join(', ')}${more}`;
  }

  // Selecting orders.
  const boxes = () => $$('[data-select]');
  const selected = () => boxes().filter((box) => box.checked).map((box) => box.closest('[data-order]').dataset.order);
  let last = null;
  let shifted = false;
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, (event) => { shifted = event.shiftKey; }, true);

  document.addEventListener('change', (event) => {
    const box = event.target;
    if (box.matches?.('[data-select-all]')) select(boxes(), box.checked);
    else if (box.matches?.('[data-select]')) spread(box);
  }, true);

  function spread(box) {
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    select(shifted && from >= 0 ? all.slice(from, to + 1) : [box], box.checked);
    last = box;
  }

  function select(those, checked) {
    for (const box of those) box.checked = checked;
    const [count, all] = [selected().length, $('[data-select-all]')];
    $('[data-selected]').textContent = count ? say('selected', {n: count}) : say('noneSelected');
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
    for (const button of $$('[data-chosen]')) button.disabled = !count;
  }

  /** What was pressed can't be any more: the focus goes to where selecting begins. */
  function deselect() {
    select(boxes(), false);
    $('[data-select-all]').focus({preventScroll: true});
  }

  Object.assign(tagdock, {merge, follow, selected, deselect});
})();
