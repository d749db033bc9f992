// s-page, s-section, s-stack, s-grid, s-grid-item, s-divider

define('s-page', simple({
  properties: {heading: String, inlineSize: String},
  css: `
    :host { display: block; min-block-size: 100vh; background: #f1f1f1; padding: 0 16px 32px;
      overflow-wrap: anywhere; }
    .page { max-inline-size: 998px; margin-inline: auto; }
    :host([inlinesize=large]) .page { max-inline-size: none; }
    :host([inlinesize=small]) .page { max-inline-size: 662px; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding-block: 16px; }
    h1 { margin: 0; font-size: 18px; line-height: 24px; font-weight: 650; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-inline-start: auto; }
    .start { display: flow-root; } .start:not(.used) { display: none; } .start.used { margin-block-end: 16px; }
    .columns { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .first, .aside { display: flex; flex-direction: column; gap: 16px; min-inline-size: 0; }
    .aside:not(.used) { display: none; }
    .crumbs:not(.used) { display: none; }
    .crumbs::after { content: "›"; margin-inline-start: 8px; color: #616161; }
    @media (min-width: 768px) {
      .columns.split { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); }
    }
    @media (max-width: 489px) { :host { padding-inline: 8px; } }`,
  html: `<main class="page">
      <header><span class="crumbs"><slot name="breadcrumb-actions"></slot></span><h1></h1>
        <span class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></span></header>
      <div class="start"><slot name="supplemental-start"></slot></div>
      <div class="columns"><div class="first"><slot></slot></div><div class="aside"><slot name="aside"></slot></div></div>
    </main>`,
  update() {
    const title = this.part$('h1');
    title.textContent = this.heading;
    title.hidden = !this.heading;
    if (this.watching) return;
    this.watching = true;
    const used = (name, selector, mark) => {
      const slot = this.part$(`slot[name=${name}]`);
      const look = () => this.part$(selector).classList.toggle(mark, slot.assignedNodes().length > 0);
      slot.addEventListener('slotchange', look);
      look();
    };
    used('supplemental-start', '.start', 'used');
    used('breadcrumb-actions', '.crumbs', 'used');
    if (this.inlineSize && this.inlineSize !== 'base') return;
    used('aside', '.aside', 'used');
    used('aside', '.columns', 'split');
  },
}));

define('s-section', simple({
  properties: {heading: String, subheading: String, accessibilityLabel: String, padding: String},
  css: `
    :host { display: block; min-inline-size: 0; }
    section { background: #fff; border-radius: 12px; padding: 16px;
      box-shadow: 0 1px 0 #1a1a1a12, 0 0 0 1px #00000014; }
    :host([padding=none]) section { padding: 0; overflow: clip; }
    :host([padding=none]) header { padding: 16px 16px 0; }
    :host(.nested) section { background: none; border-radius: 0; padding: 0; box-shadow: none; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-block-end: 12px; }
    .title { font-size: 14px; font-weight: 650; }
    .sub { flex-basis: 100%; color: #616161; margin-block-start: -8px; }
    .actions { margin-inline-start: auto; display: flex; gap: 8px; }
    .content { display: flex; flex-direction: column; gap: 16px; min-inline-size: 0; }`,
  html: `<section><header><div class="title" role="heading"></div><slot name="accessory"></slot>
      <span class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></span>
      <div class="sub"></div></header>
    <div class="content"><slot></slot></div></section>`,
  update() {
    const [title, sub] = [this.part$('.title'), this.part$('.sub')];
    [title.textContent, sub.textContent] = [this.heading, this.subheading];
    title.hidden = !this.heading;
    sub.hidden = !this.subheading;
    title.setAttribute('aria-level', headingLevel(this));
    const name = this.accessibilityLabel || this.heading;
    if (name) this.part$('section').setAttribute('aria-label', name);
    else this.part$('section').removeAttribute('aria-label');
    const slotted = this.querySelector(':scope > [slot=primary-action], :scope > [slot=secondary-actions], :scope > [slot=accessory]');
    this.part$('header').hidden = !(this.heading || this.subheading || slotted);
    this.classList.toggle('nested', Boolean(this.parentElement?.closest('s-section, s-modal')));
  },
}));

const ALIGNING = {
  alignItems: String, justifyContent: String, alignContent: String, gap: String, rowGap: String,
  columnGap: String,
};

class Stack extends Box {
  static properties = {...BOX, ...ALIGNING, direction: String};
  static css = `${Box.css} :host { display: flex; flex-direction: column; }`;

  update() {
    super.update();
    const inline = responsive(this.direction) === 'inline';
    Object.assign(this.style, {
      flexDirection: inline ? 'row' : 'column',
      flexWrap: inline ? 'wrap' : 'nowrap',
      alignItems: this.alignItems || (inline ? 'center' : ''),
      justifyContent: this.justifyContent,
      alignContent: this.alignContent,
      gap: lengths(this.gap),
      ...(this.rowGap && {rowGap: lengths(this.rowGap)}),
      ...(this.columnGap && {columnGap: lengths(this.columnGap)}),
    });
  }
}
define('s-stack', Stack);

class Grid extends Box {
  static properties = {
    ...BOX, ...ALIGNING, justifyItems: String, placeItems: String, placeContent: String,
    gridTemplateColumns: String, gridTemplateRows: String,
  };
  static css = `${Box.css} :host { display: grid; }`;

  update() {
    super.update();
    for (const name of ['alignItems', 'justifyContent', 'alignContent', 'justifyItems', 'placeItems', 'placeContent']) {
      if (this[name]) this.style[name] = responsive(this[name]);
    }
    Object.assign(this.style, {
      gridTemplateColumns: responsive(this.gridTemplateColumns) || 'minmax(0, 1fr)',
      gridTemplateRows: responsive(this.gridTemplateRows) || '',
      gap: lengths(this.gap),
      ...(this.rowGap && {rowGap: lengths(this.rowGap)}),
      ...(this.columnGap && {columnGap: lengths(this.columnGap)}),
    });
  }
}
define('s-grid', Grid);

class GridItem extends Box {
  static properties = {...BOX, gridColumn: String, gridRow: String};

  update() {
    super.update();
    Object.assign(this.style, {gridColumn: responsive(this.gridColumn), gridRow: responsive(this.gridRow)});
  }
}
define('s-grid-item', GridItem);

define('s-divider', simple({
  properties: {direction: String, color: String},
  css: `
    :host { display: block; block-size: 1px; inline-size: 100%; background: #e3e3e3; flex: none; }
    :host([color=strong]) { background: #8a8a8a; }
    :host([direction=block]) { block-size: auto; inline-size: 1px; align-self: stretch; }`,
  html: '',
  update() {
    this.suggest('role', 'separator');
    if (this.direction === 'block') this.setAttribute('aria-orientation', 'vertical');
  },
}));
