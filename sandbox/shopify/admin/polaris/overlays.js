// s-modal, and the surfaces of the admin: s-app-nav, s-admin-action, s-admin-block

class Modal extends Component {
  static properties = {heading: String, size: String, accessibilityLabel: String, padding: String};
  static css = `
    :host { display: contents; }
    dialog { inline-size: min(620px, calc(100vw - 32px)); max-block-size: calc(100vh - 64px); padding: 0; border: 0;
      border-radius: 16px; color: inherit; box-shadow: 0 8px 32px #0000004d; overflow: hidden; }
    dialog[open] { display: flex; flex-direction: column; } dialog::backdrop { background: #000000b3; }
    :host([size^=small]) dialog { inline-size: min(380px, calc(100vw - 32px)); }
    :host([size^=large]) dialog { inline-size: min(980px, calc(100vw - 32px)); }
    header { display: flex; align-items: center; gap: 8px; padding: 12px 16px; background: #f3f3f3; border-block-end: 1px solid #e3e3e3; }
    h2 { flex: 1; margin: 0; font-size: 14px; font-weight: 650; }
    .close { inline-size: 28px; block-size: 28px; padding: 4px; border: 0; border-radius: 8px; background: none; cursor: pointer; }
    .close:hover { background: #e3e3e3; }
    .body { padding: 16px; overflow: auto; } :host([padding=none]) .body { padding: 0; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-block-start: 1px solid #e3e3e3; }
    footer:not(.used) { display: none; }`;
  static html = `<dialog aria-labelledby="title"><header><h2 id="title"></h2>
    <button type="button" class="close" aria-label="Close">${iconMarkup('x')}</button></header>
    <div class="body"><slot></slot></div>
    <footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer></dialog>`;

  build() {
    const dialog = this.part$('dialog');
    dialog.addEventListener('close', () => {
      this.send('hide');
      this.send('afterhide');
    });
    dialog.addEventListener('click', (event) => event.target === dialog && this.outside(event) && this.hideOverlay());
    this.part$('.close').addEventListener('click', () => this.hideOverlay());
    for (const slot of this.shadowRoot.querySelectorAll('footer slot')) {
      slot.addEventListener('slotchange', () => this.part$('footer').classList.toggle('used', Boolean(this.querySelector(':scope > [slot]'))));
    }
  }

  outside({clientX, clientY}) {
    const area = this.part$('dialog').getBoundingClientRect();
    return clientX < area.left || clientX > area.right || clientY < area.top || clientY > area.bottom;
  }

  update() {
    this.part$('h2').textContent = this.heading || this.accessibilityLabel;
  }

  get open() {
    return this.part$('dialog').open;
  }

  showOverlay() {
    if (this.open) return;
    this.send('show');
    this.part$('dialog').showModal();
    this.send('aftershow');
  }

  hideOverlay() {
    this.part$('dialog').close();
  }

  toggleOverlay() {
    if (this.open) this.hideOverlay();
    else this.showOverlay();
  }
}
define('s-modal', Modal);

// The admin draws the app's navigation; App Bridge tells it what is in here.
define('s-app-nav', simple({css: ':host { display: none }'}));

class AdminAction extends Component {
  static properties = {heading: String, loading: Boolean};
  static css = `
    :host { display: flex; flex-direction: column; background: #fff; }
    header { display: flex; align-items: center; gap: 8px; padding: 12px 16px; background: #f3f3f3; border-block-end: 1px solid #e3e3e3; }
    h2 { flex: 1; margin: 0; font-size: 14px; font-weight: 650; }
    .close { inline-size: 28px; block-size: 28px; padding: 4px; border: 0; border-radius: 8px; background: none; cursor: pointer; }
    .close:hover { background: #e3e3e3; }
    .body { padding: 16px; min-block-size: 64px; } .waiting { display: grid; place-items: center; padding: 24px; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-block-start: 1px solid #e3e3e3; }`;
  static html = `<header><h2></h2><button type="button" class="close" aria-label="Close">${iconMarkup('x')}</button></header>
    <div class="waiting" hidden><s-spinner size="large" accessibilitylabel="Loading"></s-spinner></div>
    <div class="body"><slot></slot></div>
    <footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer>`;
  static longest = 40;

  build() {
    this.part$('.close').addEventListener('click', () => globalThis.shopify?.close?.());
  }

  /** Shopify cuts long headings; so does this, so that it is seen in time. */
  update() {
    const {longest} = this.constructor;
    const cut = this.heading.length > longest ? `${this.heading.slice(0, longest - 1)}…` : this.heading;
    this.part$('h2').textContent = cut;
    this.part$('.waiting').hidden = !this.loading;
    this.part$('.body').hidden = this.loading;
    this.setAttribute('aria-busy', String(this.loading));
  }
}
define('s-admin-action', AdminAction);

class AdminBlock extends Component {
  static properties = {heading: String, collapsedSummary: String};
  static css = `
    :host { display: block; background: #fff; padding: 16px; }
    details > summary { list-style: none; display: flex; align-items: center; gap: 8px; cursor: pointer; }
    summary::-webkit-details-marker { display: none; }
    h2 { margin: 0; font-size: 14px; font-weight: 650; } .summary { color: #616161; } details[open] .summary { display: none; }
    .arrow { margin-inline-start: auto; inline-size: 20px; block-size: 20px; } details[open] .arrow { rotate: 180deg; }
    .body { padding-block-start: 12px; }`;
  static html = `<details open><summary><h2></h2><span class="summary"></span><span class="arrow">${iconMarkup('chevron-down')}</span></summary>
    <div class="body"><slot></slot></div></details>`;
  static longest = 30;

  update() {
    this.part$('h2').textContent = this.heading;
    this.part$('.summary').textContent = this.collapsedSummary.slice(0, this.constructor.longest);
  }
}
define('s-admin-block', AdminBlock);
