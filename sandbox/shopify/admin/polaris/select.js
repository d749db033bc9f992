// s-option, s-option-group, s-select

/** Content that another component draws: children are read, not shown. */
const UNSEEN = {css: ':host { display: none }'};
define('s-option', simple({...UNSEEN, properties: {value: String, disabled: Boolean, selected: Boolean, defaultSelected: Boolean}}));
define('s-option-group', simple({...UNSEEN, properties: {label: String, disabled: Boolean}}));

function nativeOption(source) {
  const label = source.textContent.trim();
  const option = new Option(label, source.getAttribute('value') ?? label);
  option.disabled = source.disabled;
  return option;
}

function nativeChild(source) {
  if (source.localName === 's-option') return nativeOption(source);
  const group = document.createElement('optgroup');
  group.label = source.label;
  group.disabled = source.disabled;
  group.append(...[...source.querySelectorAll('s-option')].map(nativeOption));
  return group;
}

class Select extends ValueField {
  static properties = {...FIELD, value: String, placeholder: String, icon: String};
  static css = `${ICON_CSS} select { appearance: none; cursor: pointer; text-overflow: ellipsis; padding-inline-end: 24px !important; }
    .arrow { display: inline-flex; inline-size: 20px; block-size: 20px; flex: none; pointer-events: none; margin-inline-start: -20px; }`;
  static html = `<label for="control"></label><div class="box"><span class="icon" hidden></span>
    <select id="control"></select><span class="arrow">${iconMarkup('chevron-down')}</span></div>${FIELD_FOOT}<slot hidden></slot>`;

  build() {
    super.build();
    watchChildren(this, () => this.fill());
  }

  connectedCallback() {
    this.fill();
    super.connectedCallback();
  }

  /** Draws the options anew; the chosen value stays if it still exists. */
  fill() {
    const sources = [...this.querySelectorAll(':scope > s-option, :scope > s-option-group')];
    const options = sources.map(nativeChild);
    if (this.placeholder) options.unshift(this.blank());
    this.control().replaceChildren(...options);
    this.show(this.value);
  }

  blank() {
    const option = new Option(this.placeholder, '');
    option.disabled = true;
    return option;
  }

  get startingValue() {
    const marked = this.querySelector('s-option[selected], s-option[defaultselected]');
    const attribute = this.getAttribute('value') ?? marked?.getAttribute('value');
    return this.defaultGiven ?? attribute ?? this.firstValue();
  }

  firstValue() {
    if (this.placeholder) return '';
    return this.querySelector('s-option:not([disabled])')?.getAttribute('value') ?? '';
  }

  show(value) {
    this.control().value = value;
    this.share();
  }

  update() {
    super.update();
    drawIcon(this.part$('.icon'), this.icon);
  }
}
define('s-select', Select);
