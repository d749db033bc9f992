// s-checkbox, s-switch

const CHECK = {...FIELD, value: String, accessibilityLabel: String};
const CHECK_CSS = `${FIELD_CSS}
  .row { display: flex; align-items: start; gap: 8px; } label { margin: 0; cursor: pointer; }
  label:empty { display: none; } .hint, .problem { margin-inline-start: 24px; }
  input { flex: none; margin: 2px 0; inline-size: 16px; block-size: 16px; accent-color: #303030; cursor: pointer; }
  input:disabled, input:disabled + label { cursor: default; } input:disabled + label { color: #6e6e6e; }`;

class Checkbox extends Field {
  static properties = CHECK;
  static css = CHECK_CSS;
  static html = `<div class="row"><input id="control" type="checkbox"><label for="control"></label></div>${FIELD_FOOT}`;

  build() {
    super.build();
    const control = this.control();
    control.addEventListener('input', () => this.keep());
    control.addEventListener('change', () => {
      this.keep();
      this.announce();
    });
  }

  keep() {
    this.current = this.control().checked;
    this.share();
  }

  begin() {
    if (this.current === undefined) this.show(this.startsChecked);
    if (this.hasAttribute('indeterminate')) this.indeterminate = true;
  }

  get startsChecked() {
    return this.defaultGiven ?? (this.hasAttribute('checked') || this.hasAttribute('defaultchecked'));
  }

  get defaultChecked() {
    return this.startsChecked;
  }

  set defaultChecked(value) {
    this.defaultGiven = Boolean(value);
    if (this.current === undefined) this.show(this.startsChecked);
  }

  get checked() {
    return this.control().checked;
  }

  set checked(value) {
    this.current = Boolean(value);
    this.show(this.current);
  }

  get indeterminate() {
    return this.control().indeterminate;
  }

  set indeterminate(value) {
    this.control().indeterminate = Boolean(value);
  }

  get value() {
    return this.getAttribute('value') ?? 'on';
  }

  set value(value) {
    writeAttribute(this, 'value', 'String', value);
  }

  static get observedAttributes() {
    return [...super.observedAttributes, 'checked', 'indeterminate'];
  }

  attributeChangedCallback(name, before, after) {
    if (name === 'checked' && this.current === undefined) this.show(this.startsChecked);
    if (name === 'indeterminate') this.indeterminate = after !== null;
    super.attributeChangedCallback(name, before, after);
  }

  show(checked) {
    this.control().checked = checked;
    this.share();
  }

  share() {
    this.internals.setFormValue(this.checked ? this.value : null);
  }

  formResetCallback() {
    this.current = undefined;
    this.show(this.startsChecked);
  }
}
define('s-checkbox', Checkbox);

class Switch extends Checkbox {
  static css = `${CHECK_CSS}
    .row { flex-direction: row-reverse; justify-content: space-between; } .hint, .problem { margin-inline-start: 0; }
    input { appearance: none; position: relative; margin: 0; inline-size: 32px; block-size: 20px;
      border-radius: 10px; background: #8a8a8a; transition: background .15s; }
    input::before { content: ""; position: absolute; inset-block-start: 3px; inset-inline-start: 3px;
      inline-size: 14px; block-size: 14px; border-radius: 50%; background: #fff; transition: inset-inline-start .15s; }
    input:checked { background: #303030; } input:checked::before { inset-inline-start: 15px; }
    input:disabled { background: #d4d4d4; }`;

  build() {
    super.build();
    this.control().setAttribute('role', 'switch');
  }
}
define('s-switch', Switch);
