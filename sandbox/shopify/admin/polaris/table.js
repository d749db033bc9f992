// s-table and its parts. Under 490 px, or with variant=list, rows turn into a list.

const NARROW = 490;
// So few letters stay together, also where a page lets words break anywhere.
const SHORT = 24;
const INTERACTIVE = 'a, button, input, select, textarea, summary, s-button, s-link, s-checkbox, s-switch, s-select';

class TableCell extends Component {
  static css = `
    :host { display: table-cell; padding: 8px 12px; vertical-align: middle; border-block-start: 1px solid #ebebeb; text-align: start; }
    :host([data-format=numeric]), :host([data-format=currency]) { text-align: end; font-variant-numeric: tabular-nums; }
    .label { display: none; }
    :host([data-short]) { overflow-wrap: normal; }
    :host([data-empty]) { display: none !important; }
    :host([data-list]) { display: block; padding: 2px 0; border: 0; text-align: start; }
    :host([data-list=primary]) { font-weight: 650; order: 1; flex: 1 1 60%; }
    :host([data-list=inline]) { order: 2; } :host([data-list=kicker]) { order: 0; flex-basis: 100%; color: #616161; }
    :host([data-list=secondary]) { order: 3; flex-basis: 100%; color: #616161; }
    :host([data-list=labeled]) { order: 4; flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 0 8px; }
    :host([data-list=labeled]) .label:not(:empty) { display: inline; color: #616161; }`;
  static html = '<span class="label" aria-hidden="true"></span><slot></slot>';

  update() {
    this.suggest('role', 'cell');
  }

  /** Takes its place in the list layout, or in the table again when `list` is false. */
  arrange({words = '', slot = 'labeled', format = 'base'}, list) {
    const content = this.textContent.trim();
    this.part$('.label').textContent = words;
    setData(this, 'short', content.length <= SHORT ? '' : null);
    setData(this, 'format', list ? null : format);
    setData(this, 'list', list ? slot : null);
    setData(this, 'empty', list && !content && !this.firstElementChild ? '' : null);
  }
}
define('s-table-cell', TableCell);

function setData(element, name, value) {
  if (value === null) delete element.dataset[name];
  else if (element.dataset[name] !== value) element.dataset[name] = value;
}

class TableRow extends Component {
  static properties = {clickDelegate: String};
  static css = `
    :host { display: table-row; } :host(:hover) { background: #f7f7f7; } :host([clickdelegate]) { cursor: pointer; }
    :host([data-list]) { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; padding: 12px;
      border-block-start: 1px solid #ebebeb; }`;

  build() {
    this.addEventListener('click', (event) => this.delegate(event));
  }

  /** A click on nothing in particular acts on the element named by `clickdelegate`. */
  delegate(event) {
    if (!this.clickDelegate || getSelection()?.toString()) return;
    const path = event.composedPath();
    const meant = path.slice(0, path.indexOf(this)).some((one) => one.matches?.(INTERACTIVE));
    if (!meant) this.getRootNode().getElementById(this.clickDelegate)?.click();
  }

  update() {
    this.suggest('role', 'row');
  }

  arrange(headers, list) {
    setData(this, 'list', list ? 'row' : null);
    this.querySelectorAll(':scope > s-table-cell').forEach((cell, index) => cell.arrange(headers[index] ?? {}, list));
  }
}
define('s-table-row', TableRow);

define('s-table-body', simple({
  css: ':host { display: table-row-group; } :host([data-list]) { display: block; }',
  update() {
    this.suggest('role', 'rowgroup');
  },
}));

define('s-table-header-row', simple({
  css: `:host { display: table-row; background: #f7f7f7; }
    :host([data-list]) { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }`,
  update() {
    this.suggest('role', 'row');
  },
}));

define('s-table-header', simple({
  properties: {listSlot: String, format: String},
  css: `:host { display: table-cell; padding: 8px 12px; color: #616161; font-size: 12px; font-weight: 550; text-align: start; white-space: nowrap; }
    :host([format=numeric]), :host([format=currency]) { text-align: end; }`,
  update() {
    this.suggest('role', 'columnheader');
  },
}));

class Table extends Component {
  static properties = {variant: String, loading: Boolean, paginate: Boolean, hasNextPage: Boolean, hasPreviousPage: Boolean};
  static css = `
    :host { display: block; min-inline-size: 0; position: relative; }
    .filters:not(.used) { display: none; } .filters { padding: 8px 12px; }
    .scroll { overflow-x: auto; }
    .table { display: table; inline-size: 100%; border-collapse: collapse; } :host(.list) .table { display: block; }
    .busy .scroll { opacity: .5; } .busy::after { content: ""; position: absolute; inset-block-start: 24px;
      inset-inline-start: calc(50% - 12px); inline-size: 24px; block-size: 24px; border: 3px solid #d4d4d4;
      border-block-start-color: #5c5f62; border-radius: 50%; animation: turn .7s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn) } }
    nav { display: flex; justify-content: center; gap: 4px; padding: 8px; background: #f7f7f7; border-block-start: 1px solid #e3e3e3; }
    nav button { display: inline-flex; inline-size: 28px; block-size: 28px; padding: 4px; border: 0; border-radius: 8px; background: #e3e3e3; cursor: pointer; }
    nav button:disabled { color: #8a8a8a; background: #ebebeb; cursor: default; } svg { inline-size: 100%; block-size: 100%; }`;
  static html = `<div class="filters"><slot name="filters"></slot></div>
    <div class="body"><div class="scroll" tabindex="-1"><div class="table" role="table"><slot></slot></div></div></div>
    <nav aria-label="Pages" hidden><button type="button" class="previous" aria-label="Previous page">${iconMarkup('chevron-left')}</button>
    <button type="button" class="next" aria-label="Next page">${iconMarkup('chevron-right')}</button></nav>`;

  build() {
    this.part$('.previous').addEventListener('click', () => this.send('previouspage'));
    this.part$('.next').addEventListener('click', () => this.send('nextpage'));
    const filters = this.part$('slot[name=filters]');
    filters.addEventListener('slotchange', () => {
      this.part$('.filters').classList.toggle('used', filters.assignedNodes().length > 0);
    });
    this.size = new ResizeObserver(() => this.arrange());
    this.changes = new MutationObserver(() => document.readyState !== 'loading' && this.arrange());
  }

  connectedCallback() {
    super.connectedCallback();
    this.size.observe(this);
    this.changes.observe(this, {childList: true, subtree: true});
    whenRead(() => this.arrange());
  }

  disconnectedCallback() {
    this.size.disconnect();
    this.changes.disconnect();
  }

  update() {
    const [previous, next] = [this.part$('.previous'), this.part$('.next')];
    this.part$('nav').hidden = !this.paginate;
    previous.disabled = this.loading || !this.hasPreviousPage;
    next.disabled = this.loading || !this.hasNextPage;
    this.part$('.body').classList.toggle('busy', this.loading);
    this.part$('.table').setAttribute('aria-busy', String(this.loading));
    const name = this.closest('s-section')?.accessibilityLabel || this.closest('s-section')?.heading;
    if (name) this.part$('.table').setAttribute('aria-label', name);
    if (document.readyState !== 'loading') this.arrange();
  }

  /** Lays rows out as a table or as a list, by the room there is. */
  arrange() {
    const list = this.variant === 'list' || (this.clientWidth > 0 && this.clientWidth < NARROW);
    this.classList.toggle('list', list);
    const headers = [...this.querySelectorAll('s-table-header')].map((header) => ({
      words: header.textContent.trim(), slot: header.listSlot || 'labeled', format: header.format || 'base',
    }));
    for (const part of this.querySelectorAll('s-table-body, s-table-header-row')) setData(part, 'list', list ? '' : null);
    for (const row of this.querySelectorAll('s-table-row')) row.arrange?.(headers, list);
  }
}
define('s-table', Table);
