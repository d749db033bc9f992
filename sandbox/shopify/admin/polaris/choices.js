// s-choice, s-choice-list

define('s-choice', simple({
  ...UNSEEN,
  properties: {value: String, disabled: Boolean, selected: Boolean, defaultSelected: Boolean, accessibilityLabel: String},
}));

/** The words of a choice without those of its slots. */
function ownWords(choice) {
  return [...choice.childNodes].filter((node) => !node.slot).map((node) => node.textContent).join('').trim();
}

function slotWords(choice, name) {
  return choice.querySelector(`:scope > [slot=${name}]`)?.textContent.trim() ?? '';
}

class ChoiceList extends Field {
  static properties = {...FIELD, multiple: Boolean};
  static css = `${FIELD_CSS}
    fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0; }
    .choice { display: grid; grid-template-columns: 16px 1fr; gap: 0 8px; align-items: start; padding-block: 2px; }
    .choice label { margin: 0; cursor: pointer; } .choice .hint { grid-column: 2; margin: 0; }
    .choice input { margin: 2px 0; inline-size: 16px; block-size: 16px; accent-color: #303030; cursor: pointer; }`;
  static html = `<fieldset id="control"><legend></legend><div class="choices"></div></fieldset>${FIELD_FOOT}<slot hidden></slot>`;

  build() {
    super.build();
    watchChildren(this, () => this.fill());
    const list = this.part$('.choices');
    list.addEventListener('input', () => this.keep());
    list.addEventListener('change', () => {
      this.keep();
      this.announce();
    });
  }

  begin() {
    this.fill();
  }

  get sources() {
    return [...this.querySelectorAll(':scope > s-choice')];
  }

  get inputs() {
    return [...this.shadowRoot.querySelectorAll('.choices input')];
  }

  fill() {
    const chosen = new Set(this.values);
    const rows = this.sources.map((source, index) => this.row(source, index, chosen));
    this.part$('.choices').replaceChildren(...rows);
    this.share();
  }

  row(source, index, chosen) {
    const row = document.createElement('div');
    row.className = 'choice';
    row.innerHTML = `<input id="choice-${index}"><label for="choice-${index}"></label><div class="hint" id="hint-${index}"></div>`;
    const [input, label, hint] = row.children;
    input.type = this.multiple ? 'checkbox' : 'radio';
    Object.assign(input, {name: 'choice', value: source.value, disabled: source.disabled || this.off, checked: chosen.has(source.value)});
    label.textContent = ownWords(source);
    hint.textContent = slotWords(source, 'details');
    if (hint.textContent) input.setAttribute('aria-describedby', hint.id);
    return row;
  }

  keep() {
    this.current = this.inputs.filter((input) => input.checked).map((input) => input.value);
    this.share();
  }

  get startingValues() {
    const given = this.getAttribute('values');
    if (given !== null) return given.split(',').map((word) => word.trim());
    return this.sources.filter((one) => one.selected || one.defaultSelected).map((one) => one.value);
  }

  get values() {
    return this.current ?? this.startingValues;
  }

  set values(values) {
    this.current = [...(values ?? [])];
    this.fill();
  }

  share() {
    const data = new FormData();
    for (const value of this.values) data.append(this.name, value);
    this.internals.setFormValue(this.name ? data : null);
  }

  formResetCallback() {
    this.current = undefined;
    this.fill();
  }
}
define('s-choice-list', ChoiceList);
