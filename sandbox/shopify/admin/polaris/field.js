// What every form field shares: label, details, error, a value that the form knows.

const FIELD = {
  name: String, label: String, details: String, error: String, required: Boolean, disabled: Boolean,
  labelAccessibilityVisibility: String,
};
const FIELD_CSS = `
  :host { display: block; min-inline-size: 0; }
  label, legend { display: block; margin-block-end: 4px; padding: 0; }
  .hint { margin-block-start: 4px; color: #616161; }
  .problem { display: flex; gap: 4px; margin-block-start: 4px; color: #8e0b21; }
  .problem svg { inline-size: 20px; block-size: 20px; flex: none; }
  .box { display: flex; align-items: center; gap: 4px; min-block-size: 32px; border: 1px solid #8a8a8a;
    border-radius: 8px; background: #fdfdfd; padding-inline: 12px; }
  .box:hover { border-color: #616161; }
  .box:focus-within { outline: 2px solid #005bd3; outline-offset: 1px; border-color: #616161; }
  .box.wrong { background: #fee8eb; border-color: #8e0b21; }
  .box.off { background: #f2f2f2; border-color: #ebebeb; color: #6e6e6e; }
  .box :is(input, select, textarea) { flex: 1; min-inline-size: 0; inline-size: 100%; padding: 5px 0;
    margin: 0; border: 0; outline: 0; background: none; }
  .box input::placeholder, .box textarea::placeholder { color: #616161; opacity: 1; }
  .box input { block-size: 30px; }
  .affix { color: #616161; }
  @media (max-width: 489px) { .box { min-block-size: 40px; } .box :is(input, select, textarea) { font-size: 16px; } }`;
const FIELD_FOOT = `<div class="hint" id="hint"><span></span><slot name="details"></slot></div>
  <div class="problem" id="problem">${iconMarkup('alert-circle')}<span></span><slot name="error"></slot></div>`;

/** Joins label, error and details to a control; `control()` is the native element inside. */
class Field extends Component {
  static formAssociated = true;
  static focusDelegated = true;
  static properties = FIELD;
  static css = FIELD_CSS;

  build() {
    this.internals = this.attachInternals();
  }

  control() {
    return this.part$('#control');
  }

  get form() {
    return this.internals.form;
  }

  connectedCallback() {
    this.begin();
    super.connectedCallback();
  }

  /** Takes the starting value from the attributes, unless script has set one. */
  begin() {}

  /** Tells the form what to send. */
  share() {}

  get off() {
    return this.disabled || Boolean(this.fieldsetDisabled);
  }

  formDisabledCallback(disabled) {
    this.fieldsetDisabled = disabled;
    this.update();
  }

  update() {
    this.writeLabel();
    this.writeFoot();
    const control = this.control();
    control.disabled = this.off;
    control.required = this.required;
    this.share();
  }

  writeLabel() {
    const label = this.part$('label, legend');
    label.replaceChildren(text(this.label));
    label.classList.toggle('apart', this.labelAccessibilityVisibility === 'exclusive');
    const spoken = this.accessibilityLabel;
    if (spoken) this.control().setAttribute('aria-label', spoken);
  }

  writeFoot() {
    const control = this.control();
    const [wrong, told] = [this.writeNote('problem', 'error'), this.writeNote('hint', 'details')];
    const notes = [wrong && 'problem', told && 'hint'].filter(Boolean).join(' ');
    if (notes) control.setAttribute('aria-describedby', notes);
    else control.removeAttribute('aria-describedby');
    if (wrong) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
    this.part$('.box')?.classList.toggle('wrong', wrong);
    this.part$('.box')?.classList.toggle('off', this.off);
  }

  /** Writes a line under the control, from the property or the slot of that name; whether there is one. */
  writeNote(id, name) {
    const note = this.part$(`#${id}`);
    note.querySelector('span').textContent = text(this[name]);
    note.hidden = !this[name] && !this.querySelector(`:scope > [slot=${name}]`);
    return !note.hidden;
  }

  /** `change` does not leave a shadow by itself; `input`, `focus` and `blur` do. */
  announce() {
    this.send('change', {bubbles: true});
  }
}

/** A field whose value is a string: starts from `value` or `defaultValue`, resets to it. */
class ValueField extends Field {
  build() {
    super.build();
    const control = this.control();
    control.addEventListener('input', () => this.keep(control.value));
    control.addEventListener('change', () => {
      this.keep(control.value);
      this.announce();
    });
  }

  keep(value) {
    this.current = value;
    this.share();
  }

  begin() {
    if (this.current === undefined) this.show(this.startingValue);
  }

  get startingValue() {
    return this.defaultGiven ?? this.getAttribute('value') ?? this.getAttribute('defaultvalue') ?? '';
  }

  get defaultValue() {
    return this.startingValue;
  }

  set defaultValue(value) {
    this.defaultGiven = text(value);
    if (this.current === undefined) this.show(this.startingValue);
  }

  get value() {
    return this.current ?? this.startingValue;
  }

  set value(value) {
    this.current = text(value);
    this.show(this.current);
  }

  show(value) {
    const control = this.control();
    if (control.value !== value) control.value = value;
    this.share();
  }

  attributeChangedCallback(name, before, after) {
    if (name === 'value' && this.current === undefined) this.show(this.startingValue);
    super.attributeChangedCallback(name, before, after);
  }

  formResetCallback() {
    this.current = undefined;
    this.show(this.startingValue);
  }

  formStateRestoreCallback(state) {
    this.value = state;
  }

  share() {
    this.internals.setFormValue(this.value);
  }
}
