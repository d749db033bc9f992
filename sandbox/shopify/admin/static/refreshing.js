// Does something again and again: never twice at once, never while nobody looks.

/** Calls `work` now and then every `milliseconds` after it ended; `paused(true)` when it failed. */
export function repeat(work, milliseconds, paused) {
  let timer;
  async function turn() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      await work();
      paused(false);
    } catch {
      paused(true);
    }
    clearTimeout(timer);
    timer = setTimeout(turn, milliseconds);
  }
  document.addEventListener('visibilitychange', () => !document.hidden && turn());
  turn();
  return turn;
}
