// s-button, s-button-group, s-link, and the commands that buttons give to overlays

const COMMANDS = {
  '--show': (overlay) => overlay.showOverlay?.(),
  '--hide': (overlay) => overlay.hideOverlay?.(),
  '--toggle': (overlay) => overlay.toggleOverlay?.(),
  '--auto': (overlay) => overlay.toggleOverlay?.(),
};

/** Does what `commandfor` and `command` ask of the overlay with that id. */
function giveCommand(element) {
  const overlay = element.commandFor && element.getRootNode().getElementById(element.commandFor);
  if (overlay) COMMANDS[element.command || '--auto']?.(overlay);
}

/** A click made by script reaches the host; pass it on to the real control inside, once. */
function passOn(event, inner) {
  if (event.composedPath()[0] !== event.currentTarget) return false;
  event.stopImmediatePropagation();
  event.preventDefault();
  inner.click();
  return true;
}

const PRESSABLE = {
  tone: String, accessibilityLabel: String, lang: String, interestFor: String, download: String,
  target: String, commandFor: String, command: String, href: String,
};

/** Shared by button and link: an inner `<a>` with an address, else an inner `<button>`. */
class Pressable extends Component {
  static focusDelegated = true;
  static html = '';

  build() {
    this.addEventListener('click', (event) => {
      if (!this.ready()) return event.stopImmediatePropagation();
      if (!passOn(event, this.inner())) this.press();
    });
  }

  ready() {
    return true;
  }

  press() {
    giveCommand(this);
  }

  inner() {
    return this.part$('a, button');
  }

  update() {
    const wanted = this.href && this.ready() ? 'a' : 'button';
    if (this.inner()?.localName !== wanted) this.swap(wanted);
    const inner = this.inner();
    if (wanted === 'a') this.address(inner);
    else inner.type = 'button';
    if (this.accessibilityLabel) inner.setAttribute('aria-label', this.accessibilityLabel);
    else inner.removeAttribute('aria-label');
  }

  swap(tag) {
    const inner = document.createElement(tag);
    inner.innerHTML = this.constructor.content;
    this.shadowRoot.replaceChildren(inner);
  }

  address(anchor) {
    anchor.setAttribute('href', this.href);
    if (this.target && this.target !== 'auto') anchor.target = this.target;
    if (anchor.target === '_blank') anchor.rel = 'noopener';
    if (this.hasAttribute('download')) anchor.download = this.download;
  }
}

class Button extends Pressable {
  static formAssociated = true;
  static properties = {...PRESSABLE, icon: String, variant: String, type: String, disabled: Boolean, loading: Boolean, inlineSize: String};
  static content = '<span class="icon" hidden></span><span class="label"><slot></slot></span><span class="busy" hidden></span>';
  static css = `
    :host { display: inline-block; max-inline-size: 100%; }
    :host([inlinesize=fill]) { display: block; } :host([inlinesize=fill]) :is(a, button) { inline-size: 100%; }
    a, button { position: relative; display: inline-flex; align-items: center; justify-content: center;
      gap: 4px; min-block-size: 28px; max-inline-size: 100%; margin: 0; padding: 4px 12px; border: 0;
      border-radius: 8px; background: #fff; color: #303030; font: inherit; font-size: 12px; line-height: 16px;
      font-weight: 550; text-align: center; text-decoration: none; cursor: pointer;
      box-shadow: 0 -1px 0 #b5b5b5 inset, 0 0 0 1px #0000001a inset, 0 .5px 0 1.5px #fff inset; }
    a:hover, button:hover { background: #f7f7f7; }
    .critical { color: #8e0b21; }
    .primary { background: #303030; color: #fff; box-shadow: 0 0 0 1px #303030 inset, 0 2px 0 #ffffff33 inset; }
    .primary:hover { background: #1a1a1a; }
    .primary.critical { background: #c70a24; color: #fff; box-shadow: 0 0 0 1px #c70a24 inset; }
    .tertiary { background: none; box-shadow: none; padding-inline: 8px; } .tertiary:hover { background: #ebebeb; }
    button:disabled { background: #ebebeb; color: #6e6e6e; box-shadow: none; cursor: default; }
    button:disabled.tertiary { background: none; }
    .icon { display: inline-flex; inline-size: 16px; block-size: 16px; flex: none; }
    .waiting .label, .waiting .icon { opacity: 0; }
    .busy { position: absolute; inline-size: 16px; block-size: 16px; border: 2px solid #b5b5b5;
      border-block-start-color: #303030; border-radius: 50%; animation: turn .7s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn) } }
    @media (max-width: 489px) { a, button { min-block-size: 36px; } }`;

  build() {
    this.internals = this.attachInternals();
    super.build();
  }

  ready() {
    return !this.disabled && !this.loading && !this.fieldsetDisabled;
  }

  formDisabledCallback(disabled) {
    this.fieldsetDisabled = disabled;
    this.update();
  }

  press() {
    const form = this.internals.form;
    if (this.type === 'submit') form?.requestSubmit();
    else if (this.type === 'reset') form?.reset();
    super.press();
  }

  update() {
    super.update();
    const inner = this.inner();
    inner.classList.toggle('primary', this.variant === 'primary');
    inner.classList.toggle('tertiary', this.variant === 'tertiary');
    inner.classList.toggle('critical', this.tone === 'critical');
    inner.classList.toggle('waiting', this.loading);
    this.part$('.busy').hidden = !this.loading;
    if (inner.localName === 'button') inner.disabled = !this.ready();
    if (this.loading) inner.setAttribute('aria-busy', 'true');
    else inner.removeAttribute('aria-busy');
    drawIcon(this.part$('.icon'), this.icon);
  }
}
define('s-button', Button);

class Link extends Pressable {
  static properties = PRESSABLE;
  static content = '<slot></slot>';
  static css = `
    :host { display: inline; font: inherit; color: #005bd3; }
    a, button { font: inherit; color: inherit; text-decoration: underline; cursor: pointer; padding: 0;
      border: 0; background: none; text-align: start; }
    a:hover, button:hover { color: #003d8f; }
    :host([tone=critical]) { color: #8e0b21; } :host([tone=neutral]) { color: #303030; }`;
}
define('s-link', Link);

define('s-button-group', simple({
  properties: {accessibilityLabel: String, gap: String},
  css: `
    :host { display: inline-block; max-inline-size: 100%; }
    div { display: flex; flex-wrap: wrap; gap: 8px; } :host([gap=none]) div { gap: 0; }`,
  html: '<div role="group"><slot name="secondary-actions"></slot><slot></slot><slot name="primary-action"></slot></div>',
  update() {
    if (this.accessibilityLabel) this.part$('div').setAttribute('aria-label', this.accessibilityLabel);
  },
}));
