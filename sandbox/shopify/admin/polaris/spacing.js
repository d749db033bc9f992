// Spacing words, and the properties that boxes, stacks and grids share.

const SPACES = {
  none: '0', 'small-500': '2px', 'small-400': '4px', 'small-300': '6px', 'small-200': '8px',
  'small-100': '10px', small: '12px', base: '16px', large: '20px', 'large-100': '20px',
  'large-200': '24px', 'large-300': '32px', 'large-400': '40px', 'large-500': '48px',
};
const RADII = {
  none: '0', 'small-200': '2px', 'small-100': '4px', small: '6px', base: '8px', large: '12px',
  'large-100': '12px', 'large-200': '16px', max: '9999px',
};
const BACKGROUNDS = {base: '#fff', subdued: '#f7f7f7', strong: '#ebebeb', transparent: 'transparent'};
const BORDER_COLORS = {base: '#e3e3e3', subdued: '#ebebeb', strong: '#8a8a8a'};
const BORDER_WIDTHS = {none: '0', base: '1px', 'small-100': '0.5px', small: '1px', large: '2px', 'large-100': '3px'};

const BOX = {
  background: String, border: String, borderWidth: String, borderStyle: String, borderColor: String,
  borderRadius: String, padding: String, paddingBlock: String, paddingBlockStart: String,
  paddingBlockEnd: String, paddingInline: String, paddingInlineStart: String,
  paddingInlineEnd: String, display: String, blockSize: String, minBlockSize: String,
  maxBlockSize: String, inlineSize: String, minInlineSize: String, maxInlineSize: String,
  overflow: String, accessibilityRole: String, accessibilityLabel: String,
  accessibilityVisibility: String,
};
const ROLES = {
  main: 'main', header: 'banner', footer: 'contentinfo', section: 'region', region: 'region',
  aside: 'complementary', navigation: 'navigation', 'ordered-list': 'list', 'list-item': 'listitem',
  'unordered-list': 'list', separator: 'separator', status: 'status', alert: 'alert', none: 'none',
};

/** `@container (inline-size > 500px) wide, narrow` decided by the window's width; else the value. */
function responsive(value) {
  const query = /^@container\s*\(inline-size\s*(<=|>=|<|>)\s*(\d+)px\)\s*(.+)$/.exec(value ?? '');
  if (!query) return value;
  const [, sign, width, rest] = query;
  const [yes, no] = branches(rest);
  const room = window.innerWidth;
  const holds = {'<': room < +width, '>': room > +width, '<=': room <= +width, '>=': room >= +width};
  return holds[sign] ? yes : no;
}

/** Splits at the last comma outside brackets. */
function branches(rest) {
  let depth = 0;
  for (let at = rest.length - 1; at >= 0; at -= 1) {
    if (rest[at] === ')') depth += 1;
    if (rest[at] === '(') depth -= 1;
    if (rest[at] === ',' && depth === 0) return [rest.slice(0, at).trim(), rest.slice(at + 1).trim()];
  }
  return [rest.trim(), rest.trim()];
}

/** Turns words such as `base small` into lengths; unknown words stay as they are. */
function lengths(value, words = SPACES) {
  return (responsive(value) ?? '').split(/\s+/).filter(Boolean).map((word) => words[word] ?? word).join(' ');
}

function borderOf(element) {
  if (!element.border && !element.borderWidth) return {};
  const [size = 'none', color = 'base', style = 'solid'] = (element.border || 'none').split(/\s+/);
  const width = lengths(element.borderWidth || size, BORDER_WIDTHS);
  return {
    borderWidth: width,
    borderStyle: element.borderStyle || (size === 'none' && !element.borderWidth ? 'none' : style),
    borderColor: BORDER_COLORS[element.borderColor || color] ?? '',
  };
}

function boxStyles(element) {
  const same = ['blockSize', 'minBlockSize', 'maxBlockSize', 'inlineSize', 'minInlineSize', 'maxInlineSize', 'overflow'];
  const sides = ['padding', 'paddingBlock', 'paddingBlockStart', 'paddingBlockEnd', 'paddingInline', 'paddingInlineStart', 'paddingInlineEnd'];
  return {
    ...Object.fromEntries(same.map((name) => [name, responsive(element[name]) || ''])),
    ...Object.fromEntries(sides.map((name) => [name, lengths(element[name])])),
    background: BACKGROUNDS[element.background] ?? '',
    borderRadius: lengths(element.borderRadius, RADII),
    ...borderOf(element),
    display: responsive(element.display) === 'none' ? 'none' : '',
  };
}

/** Puts a box's styles, role and name on the element. */
function dressBox(element) {
  Object.assign(element.style, boxStyles(element));
  element.classList.toggle('apart', element.accessibilityVisibility === 'exclusive');
  const role = ROLES[element.accessibilityRole];
  if (role) element.setAttribute('role', role);
  if (element.accessibilityLabel) element.setAttribute('aria-label', element.accessibilityLabel);
  if (element.accessibilityVisibility === 'hidden') element.setAttribute('aria-hidden', 'true');
}

const dressed = new Set();
addEventListener('resize', () => dressed.forEach((one) => one.isConnected && one.update()));

/** Boxes whose values depend on the width are dressed again when it changes. */
class Box extends Component {
  static properties = BOX;
  static css = ':host { display: block; min-inline-size: 0 } :host(.apart) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }';

  update() {
    dressBox(this);
    const changing = [...this.attributes].some(({value}) => value.startsWith('@container'));
    dressed[changing ? 'add' : 'delete'](this);
  }

  disconnectedCallback() {
    dressed.delete(this);
  }
}
define('s-box', Box);
