// s-heading, s-text, s-paragraph, s-badge, s-spinner, s-progress

const TONES = {
  info: '#003a5a', success: '#0c5132', caution: '#4f4700', warning: '#5e4200', critical: '#8e1f0b',
  neutral: '#616161',
};
const toneRules = Object.entries(TONES)
  .map(([tone, color]) => `:host([tone=${tone}]) { color: ${color}; }`).join('\n');
const SIZES = {
  'small-200': '10px', 'small-100': '11px', small: '12px', base: '13px', large: '15px',
  'large-100': '17px', 'large-200': '20px', 'large-300': '24px', 'large-400': '30px',
};
const WEIGHTS = {base: '450', medium: '550', semibold: '650', bold: '700'};
const WORDS = {
  color: String, tone: String, fontSize: String, fontWeight: String, fontVariantNumeric: String,
  accessibilityVisibility: String, dir: String, lineClamp: Number,
};

function dressWords(element) {
  Object.assign(element.style, {
    fontSize: SIZES[element.fontSize] ?? '',
    fontWeight: WEIGHTS[element.fontWeight] ?? '',
    fontVariantNumeric: element.fontVariantNumeric === 'tabular-nums' ? 'tabular-nums' : '',
  });
  element.classList.toggle('apart', element.accessibilityVisibility === 'exclusive');
  if (element.accessibilityVisibility === 'hidden') element.setAttribute('aria-hidden', 'true');
}

const wordRules = `${toneRules}
  :host([color=subdued]) { color: #616161; }
  :host(.apart) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }`;

define('s-text', simple({
  properties: {...WORDS, type: String, interestFor: String},
  css: `:host { display: inline; font: inherit; color: inherit; } ${wordRules}
    :host([type=strong]) { font-weight: 650; } :host([type=address]) { white-space: pre-line; }
    :host([type=redundant]) { text-decoration: line-through; color: #616161; }`,
  update() {
    dressWords(this);
  },
}));

define('s-paragraph', simple({
  properties: WORDS,
  css: `:host { display: block; margin: 0; } ${wordRules}`,
  update() {
    this.suggest('role', 'paragraph');
    dressWords(this);
  },
}));

define('s-heading', simple({
  properties: {...WORDS, accessibilityRole: String},
  css: `:host { display: block; font-size: 14px; font-weight: 650; } ${wordRules}`,
  update() {
    dressWords(this);
    const plain = ['presentation', 'none'].includes(this.accessibilityRole);
    this.setAttribute('role', plain ? 'none' : 'heading');
    if (!plain) this.setAttribute('aria-level', headingLevel(this));
  },
}));

const BADGE_COLORS = {
  neutral: ['#ebebeb', '#4a4a4a'], info: ['#d5ebff', '#003a5a'], success: ['#affebf', '#014b40'],
  caution: ['#fff8db', '#4f4700'], warning: ['#ffd6a4', '#5e4200'], critical: ['#fed1d7', '#8e0b21'],
};
const badgeRules = Object.entries(BADGE_COLORS)
  .map(([tone, [back, front]]) => `:host([tone=${tone}]) { background: ${back}; color: ${front}; }`).join('\n');

define('s-badge', simple({
  properties: {tone: String, color: String, icon: String, size: String},
  css: `
    :host { display: inline-flex; align-items: center; gap: 4px; border-radius: 8px; padding: 0 8px;
      background: #ebebeb; color: #4a4a4a; font-size: 12px; font-weight: 550; max-inline-size: 100%;
      overflow-wrap: normal; }
    :host([size^=large]) { padding-block: 2px; font-size: 13px; }
    .icon { display: inline-flex; } svg { inline-size: 14px; block-size: 14px; flex: none; }
    ${badgeRules}`,
  html: '<span class="icon" hidden></span><slot></slot>',
  update() {
    drawIcon(this.part$('.icon'), this.icon);
  },
}));

define('s-spinner', simple({
  properties: {size: String, accessibilityLabel: String},
  css: `
    :host { display: inline-block; inline-size: 20px; block-size: 20px; }
    :host([size^=large]) { inline-size: 44px; block-size: 44px; }
    div { inline-size: 100%; block-size: 100%; border: 3px solid #d4d4d4; border-radius: 50%;
      border-block-start-color: #5c5f62; animation: turn 0.7s linear infinite; }
    @keyframes turn { to { transform: rotate(1turn) } }`,
  html: '<div role="progressbar"></div>',
  update() {
    this.part$('div').setAttribute('aria-label', this.accessibilityLabel || 'Loading');
  },
}));

define('s-progress', simple({
  properties: {value: Number, max: Number, tone: String, accessibilityLabel: String},
  css: `
    :host { display: block; inline-size: 100%; min-inline-size: 60px; }
    .track { block-size: 8px; border-radius: 4px; background: #e3e3e3; overflow: hidden; }
    .bar { block-size: 100%; background: #303030; border-radius: 4px; transition: inline-size .2s; }
    :host([tone=success]) .bar { background: #047b5d; } :host([tone=critical]) .bar { background: #c70a24; }
    :host([tone=info]) .bar { background: #005bd3; }`,
  html: '<div class="track" role="progressbar" aria-valuemin="0"><div class="bar"></div></div>',
  update() {
    const [most, value, track] = [this.max || 1, this.value || 0, this.part$('.track')];
    const share = Math.max(0, Math.min(1, value / most));
    track.setAttribute('aria-valuemax', most);
    track.setAttribute('aria-valuenow', value);
    track.setAttribute('aria-label', this.accessibilityLabel || 'Progress');
    this.part$('.bar').style.inlineSize = `${share * 100}%`;
  },
}));
