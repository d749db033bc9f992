// What every component stands on: properties that mirror attributes, a shadow root, one update.

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

const COMMON = sheet(`
  :host { box-sizing: border-box; color: #303030; font: 13px/20px Inter, -apple-system,
    BlinkMacSystemFont, "Segoe UI", system-ui, sans-serif; }
  :host([hidden]) { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  button, input, select, textarea { font: inherit; color: inherit; }
  :focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
  .apart { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; border: 0; padding: 0; }
`);

// Pages look right although they set no styles of their own, and show when they are whole: what is
// still being read would jump about.
const documentRoot = document.documentElement;
documentRoot.toggleAttribute('data-reading', document.readyState === 'loading');
addEventListener('DOMContentLoaded', () => documentRoot.removeAttribute('data-reading'));
document.adoptedStyleSheets.push(sheet(`
  body { margin: 0; color: #303030; overflow-wrap: anywhere;
    font: 13px/20px Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", system-ui, sans-serif; }
  body:has(s-page) { background: #f1f1f1; }
  [data-reading] s-page { visibility: hidden; }
  @media (prefers-reduced-motion: reduce) { * { animation-duration: 3s !important; } }
`));

/** What every element of a kind shares: parsed once. */
function prepare({css, html}) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return {sheet: sheet(css), template};
}

/** Calls back when the page has been read to its end; at once if it has. */
function whenRead(callback) {
  if (document.readyState !== 'loading') callback();
  else addEventListener('DOMContentLoaded', callback, {once: true});
}

/** A component. `properties` maps names to Boolean, Number or String; `css` and `html` are its shadow. */
class Component extends HTMLElement {
  static properties = {};
  static css = ':host { display: block }';
  static html = '<slot></slot>';
  static focusDelegated = false;

  static get observedAttributes() {
    return Object.keys(this.properties).map((name) => name.toLowerCase());
  }

  constructor() {
    super();
    const kind = this.constructor;
    const root = this.attachShadow({mode: 'open', delegatesFocus: kind.focusDelegated});
    if (!Object.hasOwn(kind, 'shadow')) kind.shadow = prepare(kind);
    root.adoptedStyleSheets = [COMMON, kind.shadow.sheet];
    root.append(kind.shadow.template.content.cloneNode(true));
    this.build();
  }

  /** Once, when the shadow exists. */
  build() {}

  /** After each change of an attribute, once the element is in a document. */
  update() {}

  connectedCallback() {
    this.update();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.update();
  }

  part$(selector) {
    return this.shadowRoot.querySelector(selector);
  }

  /** Sets an attribute of the element itself unless the page has set it. */
  suggest(name, value) {
    if (!this.hasAttribute(name)) this.setAttribute(name, value);
  }

  /** Sends an event that stays at the element, as Polaris does. */
  send(name, options = {}) {
    return this.dispatchEvent(new Event(name, options));
  }
}

const READERS = {
  Boolean: (text) => text !== null && text !== 'false',
  Number: (text) => (text === null ? undefined : Number(text)),
  String: (text) => text ?? '',
};

function writeAttribute(element, name, kind, value) {
  const absent = value === null || value === undefined || value === false || value === '';
  if (absent) element.removeAttribute(name);
  else element.setAttribute(name, kind === 'Boolean' ? '' : String(value));
}

/** Makes a property of each declared name that has none, mirroring its attribute both ways. */
function mirror(prototype, properties) {
  for (const [name, type] of Object.entries(properties)) {
    if (Object.hasOwn(prototype, name)) continue;
    const attribute = name.toLowerCase();
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return READERS[type.name](this.getAttribute(attribute));
      },
      set(value) {
        writeAttribute(this, attribute, type.name, value);
      },
    });
  }
}

function define(tag, kind) {
  if (customElements.get(tag)) return;
  const known = Object.entries(kind.properties).filter(([name]) => !(name in kind.prototype)
    || name in HTMLElement.prototype);
  mirror(kind.prototype, Object.fromEntries(known));
  customElements.define(tag, kind);
}

/** A component that needs no code beyond an update: `define(tag, simple({…}))`. */
function simple({properties = {}, css, html, update}) {
  const kind = class extends Component {};
  kind.properties = properties;
  if (css) kind.css = css;
  if (html) kind.html = html;
  if (update) kind.prototype.update = update;
  return kind;
}

/** How deep an element lies in sections, for heading levels: 2 on a page, 3 in a section. */
function headingLevel(element) {
  let level = 2;
  for (let up = element.parentElement; up; up = up.parentElement) {
    if (up.matches('s-section[heading], s-modal')) level += 1;
  }
  return Math.min(level, 6);
}

function text(value) {
  return value === null || value === undefined ? '' : String(value);
}

/** Calls back when anything below an element changes, but not for the element's own attributes. */
function watchChildren(element, callback) {
  const deep = {childList: true, subtree: true, characterData: true, attributes: true};
  new MutationObserver((records) => {
    if (records.some(({target, type}) => target !== element || type === 'childList')) callback();
  }).observe(element, deep);
}
