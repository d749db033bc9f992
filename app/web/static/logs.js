// The live tail of the log: new lines on top, as many as the page keeps, until somebody reads.
(() => {
  'use strict';
  const {$, $$, say, announce} = tagdock;
  const [PACE, MOST, LONGEST] = [2000, 200, 60_000];
  const log = $('[data-log]');
  const box = $('[data-tail]', log);
  let after = box.dataset.tail;
  let [pause, misses, timer] = [PACE, 0, 0];

  async function fetchLines() {
    const url = new URL(location.href);
    url.searchParams.delete('cursor');
    url.searchParams.set('part', 'tail');
    url.searchParams.set('after', after);
    const response = await fetch(url, {cache: 'no-store'});
    if (!response.ok) throw new Error(String(response.status));
    after = response.headers.get('X-Log-After');
    const fresh = document.createElement('template');
    fresh.innerHTML = await response.text();
    return $$('[data-line]', fresh.content);
  }

  /** Puts lines where they belong. The last ones come again, and those below the page's end too. */
  function put(rows) {
    const [body, line] = [$('s-table-body', log), (row) => Number(row.dataset.line)];
    const known = new Map($$('[data-line]', body).map((row) => [line(row), row]));
    const lowest = known.size && Math.min(...known.keys());
    for (const row of rows) {
      if (known.has(line(row)) || line(row) < lowest) continue;
      const below = $$('[data-line]', body).find((other) => line(other) < line(row));
      body.insertBefore(row, below ?? null);
    }
    for (const old of $$('[data-line]', body).slice(MOST)) old.remove();
    $('[data-empty]', log)?.remove();
    $('s-table-header-row', log).hidden = false;
  }

  async function turn() {
    try {
      const rows = document.hidden ? [] : await fetchLines();
      if (!box.checked) return;
      if (rows.length) put(rows);
      [pause, misses] = [PACE, 0];
    } catch {
      [pause, misses] = [Math.min(pause * 2, LONGEST), misses + 1];
    }
    if (misses > 2) stop(say('paused'));
    else timer = setTimeout(turn, pause);
  }

  function stop(why) {
    clearTimeout(timer);
    if (!box.checked) return;
    box.checked = false;
    announce(why);
  }

  box.addEventListener('change', () => {
    clearTimeout(timer);
    [pause, misses] = [PACE, 0];
    announce(box.checked ? say('tailing') : '');
    if (box.checked) turn();
  });
  addEventListener('scroll', () => { if (scrollY > 0) stop(say('tailStopped')); }, {passive: true});
  document.addEventListener('selectionchange', () => {
    if (!getSelection().isCollapsed) stop(say('tailStopped'));
  });
})();
