// s-text-field and its kin, s-text-area

const TEXT = {
  ...FIELD, value: String, placeholder: String, readOnly: Boolean, autocomplete: String, icon: String,
  prefix: String, suffix: String, minLength: Number, maxLength: Number,
};

/** One line of text; `kind` is the native type. Enter submits the form, as in a native field. */
class TextField extends ValueField {
  static properties = TEXT;
  static kind = 'text';
  static get html() {
    return `<label for="control"></label><div class="box"><span class="icon" hidden></span>
      <span class="affix before" hidden></span><input id="control" type="${this.kind}">
      <span class="affix after" hidden></span><slot name="accessory"></slot></div>${FIELD_FOOT}`;
  }

  build() {
    super.build();
    this.control().addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) this.form?.requestSubmit();
    });
  }

  update() {
    super.update();
    const control = this.control();
    control.readOnly = this.readOnly;
    control.placeholder = this.placeholder;
    for (const name of ['autocomplete', 'minlength', 'maxlength', 'min', 'max', 'step', 'inputmode']) {
      const given = this.getAttribute(name);
      if (given === null) control.removeAttribute(name);
      else control.setAttribute(name, given);
    }
    this.affix('.before', this.prefix);
    this.affix('.after', this.suffix);
    drawIcon(this.part$('.icon'), this.icon || this.constructor.ownIcon);
  }

  affix(selector, value) {
    const place = this.part$(selector);
    place.textContent = text(value);
    place.hidden = !value;
  }
}
const ICON_CSS = `${FIELD_CSS} .icon { display: inline-flex; inline-size: 20px; block-size: 20px; color: #616161; flex: none; }`;

function textField(tag, kind, {properties = {}, ...extra} = {}) {
  const made = class extends TextField {};
  made.properties = {...TEXT, ...properties};
  made.kind = kind;
  made.css = ICON_CSS;
  Object.assign(made, extra);
  define(tag, made);
}
textField('s-text-field', 'text');
textField('s-url-field', 'url');
textField('s-email-field', 'email');
textField('s-password-field', 'password');
textField('s-search-field', 'search', {ownIcon: 'search'});
textField('s-number-field', 'number', {
  properties: {min: Number, max: Number, step: Number, inputMode: String},
});
textField('s-date-field', 'date', {
  properties: {view: String, defaultView: String, allow: String, disallow: String, allowDays: String, disallowDays: String},
});

class TextArea extends ValueField {
  static properties = {...TEXT, rows: Number};
  static css = FIELD_CSS;
  static html = `<label for="control"></label><div class="box"><textarea id="control"></textarea></div>${FIELD_FOOT}`;

  update() {
    super.update();
    const control = this.control();
    control.rows = this.rows || 2;
    control.readOnly = this.readOnly;
    control.placeholder = this.placeholder;
  }
}
define('s-text-area', TextArea);
