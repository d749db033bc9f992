// What a person would see of a page at a glance, in numbers. Everything here looks into shadow trees.
globalThis.look ??= (() => {
  'use strict';
  const TINY = 1.5; // pixels that rounding may take
  const CLIPS = ['hidden', 'clip', 'auto', 'scroll'];

  /** All nodes as they are shown: shadow trees in place of their hosts' children. */
  function* shown(node) {
    yield node;
    for (const child of inside(node)) yield* shown(child);
  }

  function inside(node) {
    if (node.localName === 'slot') return node.assignedNodes({flatten: true});
    return (node.shadowRoot ?? node).childNodes;
  }

  const around = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const all = () => [...shown(document.documentElement)];
  const elements = () => all().filter((node) => node.nodeType === Node.ELEMENT_NODE);
  const name = (element) => {
    const host = element.getRootNode().host;
    const mark = element.id ? `#${element.id}` : element.classList.length ? `.${[...element.classList].join('.')}` : '';
    return `${host ? `${name(host)} > ` : ''}${element.localName}${mark}`;
  };
  const said = (node) => `${name(around(node))} “${node.data.trim().slice(0, 60)}”`;

  /** Whether it is there for eyes: rendered, and not just for screen readers. */
  function seen(element) {
    if (getComputedStyle(element).display === 'contents') return seen(around(element));
    return element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && unclipped(element);
  }
  const known = new Map(); // forgotten before each look
  function unclipped(element) {
    if (!element) return true;
    if (!known.has(element)) known.set(element, getComputedStyle(element).clipPath === 'none' && unclipped(around(element)));
    return known.get(element);
  }

  const texts = () => all().filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()
    && !['SCRIPT', 'STYLE', 'TITLE', 'DESC'].includes(node.parentElement?.nodeName.toUpperCase())
    && around(node) && seen(around(node)));

  function boxes(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  }

  /** Whether it isn't scrolled out of sight, in a box that scrolls up and down. */
  function inSight(node, box) {
    for (let up = around(node); up && up !== document.documentElement; up = around(up)) {
      const edge = ['auto', 'scroll'].includes(getComputedStyle(up).overflowY) && up.getBoundingClientRect();
      if (edge && (box.bottom > edge.bottom + 4 || box.top < edge.top - 4)) return false;
    }
    return true;
  }

  /** What is wrong with the page to the eye. */
  async function flaws() {
    await frames(2);
    known.clear();
    const placed = texts().map((node) => ({node, boxes: boxes(node).filter((box) => inSight(node, box))}));
    return [...sideways(), ...placed.flatMap(stuckOut), ...elements().flatMap(tooNarrow), ...overlapping(placed)];
  }

  /** What can be scrolled sideways, the whole page first. */
  function sideways() {
    const page = document.documentElement;
    const wide = elements().filter((one) => one !== page && one.scrollWidth > one.clientWidth + TINY
      && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && seen(one));
    const found = wide.map((one) => `${name(one)} is ${one.scrollWidth} px wide in ${one.clientWidth}`);
    if (page.scrollWidth > page.clientWidth) found.unshift(`the page is ${page.scrollWidth} px wide in ${page.clientWidth}`);
    return found;
  }

  /** Words that are not wholly there: clipped by a box, or sticking out of the one they belong to. */
  function stuckOut({node, boxes: those}) {
    const holder = those.map((box) => tightest(node, box)).find(Boolean);
    return holder ? [`${said(node)} sticks out of ${name(holder)}`] : [];
  }

  /** The box around a text that it doesn't fit into: the block it stands in, or one that clips. */
  function tightest(node, box) {
    let block = false;
    for (let up = around(node); up && up !== document.documentElement; up = around(up)) {
      const style = getComputedStyle(up);
      if (['inline', 'contents'].includes(style.display) && up.localName !== 'svg') continue;
      if (up instanceof SVGElement && up.localName !== 'svg') continue;
      const clips = CLIPS.includes(style.overflowX) || up.localName === 'svg';
      if ((clips || !block) && outside(box, up.getBoundingClientRect(), style.overflowY === 'visible')) return up;
      block = true;
    }
    return null;
  }

  const outside = (box, edge, grows) => box.left < edge.left - TINY || box.right > edge.right + TINY
    || !grows && (box.top < edge.top - 4);

  /** A field whose placeholder or chosen option is longer than the room for it, unless it is somebody's
   * own name for a thing: a native list shows as much of that as fits. */
  function tooNarrow(element) {
    const words = element.localName === 'select' ? element.selectedOptions[0]?.text
      : element.localName === 'input' && !element.value ? element.placeholder : '';
    if (!words || words.length > 80 || !seen(element)) return [];
    const style = getComputedStyle(element);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = element.clientWidth - parseFloat(style.paddingInlineStart) - parseFloat(style.paddingInlineEnd);
    const needed = pen.measureText(words).width;
    return needed > room + TINY ? [`${name(element)} has ${Math.round(room)} px for “${words}”, which needs ${Math.round(needed)}`] : [];
  }

  /** Pairs of texts that stand upon each other. */
  function overlapping(texts) {
    const placed = texts.flatMap(({node, boxes: those}) => those.map((box) => ({node, box})));
    placed.sort((one, other) => one.box.top - other.box.top);
    const found = new Set();
    placed.forEach((one, place) => {
      for (let next = place + 1; next < placed.length && placed[next].box.top < one.box.bottom; next += 1) {
        const other = placed[next];
        if (other.node !== one.node && meet(one.box, other.box) && !floats(one.node, other.node)) {
          found.add(`${said(one.node)} and ${said(other.node)}`);
        }
      }
    });
    return [...found];
  }

  function meet(one, other) {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return across > 2 && down > 4;
  }

  /** What is sticky lies upon what scrolls below it, on purpose. */
  const floats = (one, other) => sticky(one) !== sticky(other);
  function sticky(node) {
    for (let up = around(node); up; up = around(up)) {
      if (['sticky', 'fixed'].includes(getComputedStyle(up).position)) return up;
    }
    return null;
  }

  /** All that can be read. */
  function words() {
    known.clear();
    return texts().map((node) => node.data).join('');
  }

  /** Makes each of the page's own words two fifths longer; names, times and ids are not its own. */
  function stretch() {
    for (const node of all()) {
      if (node.nodeType === Node.TEXT_NODE && own(node)) node.data = longer(node.data);
      if (node.nodeType === Node.ELEMENT_NODE && !node.getRootNode().host) {
        for (const attribute of ['heading', 'subheading', 'label', 'details', 'placeholder']) {
          const words = node.getAttribute(attribute);
          if (words && !words.includes('://')) node.setAttribute(attribute, longer(words));
        }
      }
    }
    for (const option of document.querySelectorAll('s-option, s-choice')) {
      if (!option.children.length) option.textContent = longer(option.textContent);
    }
  }

  const own = (node) => node.isConnected && !node.getRootNode().host && !node.parentElement.closest('bdi, time, pre, code, script, style, title, s-option, s-choice');
  // A short word right after a number is a month or a unit.
  const WORDS = /(?<!\d )(?<!\p{L})\p{L}{2,3}(?!\p{L})|\p{L}{4,}/gu;
  const longer = (words) => words.replace(WORDS, (word) => word + word.slice(0, Math.ceil(word.length * 0.4)).toLowerCase());

  /** The page turned round, as for a language that is written from the right, or back. */
  function turn(direction) {
    document.documentElement.dir = direction;
  }

  const PLACED = 's-section, s-badge, s-button, s-table-header, s-table-cell, h1, h2, th, td';

  /** What does not change sides when the page is turned round: there it is as far from the right. */
  async function unturned() {
    await frames(2);
    known.clear();
    const placed = elements().filter((one) => one.matches(PLACED) && !one.closest('svg') && seen(one));
    const before = placed.map((one) => one.getBoundingClientRect().left);
    turn('rtl');
    await frames(2);
    const after = placed.map((one) => document.documentElement.clientWidth - one.getBoundingClientRect().right);
    turn('ltr');
    if (!placed.length) return ['nothing is there to be turned'];
    return placed.flatMap((one, at) => Math.abs(before[at] - after[at]) > 4 && one.isConnected
      ? [`${name(one)} “${one.textContent.trim().slice(0, 40)}” begins at ${Math.round(before[at])} px, turned at ${Math.round(after[at])}`] : []);
  }

  /** Where some names, and all that is marked as one, are not read from left to right. */
  function backwards(names) {
    known.clear();
    return texts().flatMap((node) => {
      const own = node.parentElement?.localName === 'bdi' && /^[!-~]+$/.test(node.data) ? [node.data] : [];
      return [...names, ...own].filter((word) => node.data.includes(word) && !fromTheLeft(node, word))
        .map((word) => `${said(node)}: ${word} is not read from the left`);
    });
  }

  function fromTheLeft(node, word) {
    const [range, begin] = [document.createRange(), node.data.indexOf(word)];
    const letters = [...word].map((_, at) => {
      range.setStart(node, begin + at);
      range.setEnd(node, begin + at + 1);
      return range.getBoundingClientRect();
    });
    return letters.slice(1).every((letter, at) => letter.top > letters[at].top + TINY || letter.left >= letters[at].left);
  }

  /** How much each bar of the charts stands out from what is behind it: 1 is not at all. */
  function bars() {
    return [...document.querySelectorAll('svg.chart g rect')].map((bar) => {
      const {fill, stroke} = getComputedStyle(bar);
      const [one, other] = [light(fill.startsWith('url') ? stroke : fill), light(behind(bar))];
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    });
  }

  function behind(element) {
    for (let up = around(element); up; up = around(up)) {
      const {backgroundColor} = getComputedStyle(up);
      if (!/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor)) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  }

  /** Relative luminance, as WCAG 2.2 defines it. */
  function light(colour) {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }

  /** Some frames were drawn, however slowly; where nobody looks, none are, and time must do. */
  const frames = (count) => new Promise((done) => {
    const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
    next(count);
    setTimeout(done, count * 500);
  });

  function entries(type) {
    const found = [];
    const watch = new PerformanceObserver((list) => found.push(...list.getEntries()));
    watch.observe({type, buffered: true});
    return frames(12).then(() => {
      found.push(...watch.takeRecords());
      watch.disconnect();
      return found;
    });
  }

  /** How big, how fast and how steady the page is: bytes, milliseconds, and the layout's shifts. */
  async function weigh() {
    const [paints, shifts] = await Promise.all([entries('largest-contentful-paint'), entries('layout-shift')]);
    const [page] = performance.getEntriesByType('navigation');
    const ours = performance.getEntriesByType('resource').filter((one) => new URL(one.name).origin === location.origin);
    const sum = (ending) => ours.filter((one) => new URL(one.name).pathname.endsWith(ending))
      .reduce((total, one) => total + one.decodedBodySize, 0);
    return {
      html: page.decodedBodySize,
      script: sum('.js'),
      style: sum('.css'),
      paint: Math.max(0, ...paints.map((one) => one.startTime)),
      shift: shifts.filter((one) => !one.hadRecentInput).reduce((total, one) => total + one.value, 0),
    };
  }

  // What only a whole page can have, not an extension's part of one.
  const OF_WHOLE_PAGES = ['landmark-one-main', 'page-has-heading-one', 'region'];

  /** What a person may not be kept from: whatever axe finds, of any weight. */
  async function barriers(part = false) {
    await frames(2);
    const rules = Object.fromEntries(part ? OF_WHOLE_PAGES.map((rule) => [rule, {enabled: false}]) : []);
    const {violations} = await axe.run(document, {resultTypes: ['violations'], rules});
    return violations.flatMap(({id, nodes}) =>
      nodes.map((one) => `${id}: ${one.target.flat().join(' > ')}: ${one.failureSummary.replaceAll('\n', ' ')}`));
  }

  return {words, flaws, stretch, turn, unturned, backwards, bars, weigh, barriers};
})();
