// s-banner, s-empty-state

class Banner extends Component {
  static properties = {heading: String, tone: String, dismissible: Boolean};
  static css = `
    :host { display: block; border-radius: 12px; background: #fff; color: #303030; overflow: hidden;
      box-shadow: 0 1px 0 #1a1a1a12, 0 0 0 1px #00000014; }
    .bar { display: flex; align-items: center; gap: 8px; padding: 8px 12px; background: #eaf4ff; color: #00527c; }
    .bar:not(.titled) { background: none; padding: 0; }
    :host([tone=success]) .titled { background: #affebf; color: #014b40; }
    :host([tone=warning]) .titled { background: #ffb800; color: #251a00; }
    :host([tone=critical]) .titled { background: #fed1d7; color: #8e0b21; }
    .title { flex: 1; font-weight: 650; }
    .icon { display: inline-flex; inline-size: 20px; block-size: 20px; flex: none; }
    .body { display: flex; align-items: start; gap: 8px; padding: 12px; }
    .plain { background: #eaf4ff; color: #00527c; } .words { flex: 1; min-inline-size: 0; color: #303030; }
    :host([tone=success]) .plain { background: #cdfee1; color: #014b40; }
    :host([tone=warning]) .plain { background: #fff1e3; color: #5e4200; }
    :host([tone=critical]) .plain { background: #fee8eb; color: #8e0b21; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; } .actions.used { margin-block-start: 8px; }
    button { border: 0; border-radius: 6px; background: none; color: inherit; padding: 2px; cursor: pointer;
      inline-size: 24px; block-size: 24px; flex: none; } button:hover { background: #00000014; }`;
  static html = `<div class="bar"><span class="icon"></span><div class="title"></div></div>
    <div class="body"><span class="icon small"></span><div class="words"><slot></slot>
      <div class="actions"><slot name="secondary-actions"></slot></div></div></div>
    <button type="button" aria-label="Dismiss">${iconMarkup('x')}</button>`;
  static icons = {success: 'check-circle', warning: 'alert-triangle', critical: 'alert-circle'};

  build() {
    const slot = this.part$('slot[name=secondary-actions]');
    slot.addEventListener('slotchange', () => {
      this.part$('.actions').classList.toggle('used', slot.assignedNodes().length > 0);
      this.showBody();
    });
    this.part$('slot:not([name])').addEventListener('slotchange', () => this.showBody());
    this.part$('button').addEventListener('click', () => this.dismiss());
  }

  /** A heading may be all there is to say. */
  showBody() {
    this.part$('.body').hidden = Boolean(this.heading) && !this.textContent.trim();
  }

  dismiss() {
    this.send('dismiss');
    this.hidden = true;
    this.send('afterhide');
  }

  update() {
    const titled = Boolean(this.heading);
    const [bar, body, close] = [this.part$('.bar'), this.part$('.body'), this.part$('button')];
    this.suggest('role', ['critical', 'warning'].includes(this.tone) ? 'alert' : 'status');
    this.part$('.title').textContent = this.heading;
    bar.classList.toggle('titled', titled);
    body.classList.toggle('plain', !titled);
    for (const place of this.shadowRoot.querySelectorAll('.icon')) {
      drawIcon(place, this.constructor.icons[this.tone] ?? 'info');
    }
    this.part$('.bar .icon').hidden = !titled;
    this.part$('.body .icon').hidden = titled;
    close.hidden = !this.dismissible;
    this.showBody();
    (titled ? bar : body).append(close);
  }
}
define('s-banner', Banner);

define('s-empty-state', simple({
  properties: {heading: String},
  css: `
    :host { display: block; text-align: center; padding: 40px 16px; }
    .inner { max-inline-size: 400px; margin-inline: auto; display: grid; gap: 8px; justify-items: center; }
    .title { font-size: 15px; font-weight: 650; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px; }
    .sub { color: #616161; }`,
  html: `<div class="inner"><slot name="graphic"></slot><div class="title" role="heading"></div>
    <div class="sub"><slot name="subheading"></slot></div><div><slot></slot></div>
    <div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></div>`,
  update() {
    const title = this.part$('.title');
    title.textContent = this.heading;
    title.hidden = !this.heading;
    title.setAttribute('aria-level', headingLevel(this));
  },
}));
