// s-icon: line drawings on a 20 × 20 grid, our own; a name without a drawing shows a small circle.

const DRAWINGS = {
  'alert-circle': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M10 6.5v4M10 13.2v.1',
  'alert-triangle': 'M10 3.5l7 12.5h-14zM10 8v4M10 13.9v.1',
  'arrow-left': 'M16 10h-12M9 5l-5 5l5 5',
  'arrow-right': 'M4 10h12M11 5l5 5l-5 5',
  'calendar': 'M4 5h12v11h-12zM4 8.5h12M7 3v3M13 3v3',
  'check': 'M4.5 10.5l3.5 3.5l7.5-8',
  'check-circle': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M6.8 10.2l2.2 2.2l4.2-4.6',
  'chevron-down': 'M5.5 8l4.5 4.5l4.5-4.5',
  'chevron-left': 'M12 5.5l-4.5 4.5l4.5 4.5',
  'chevron-right': 'M8 5.5l4.5 4.5l-4.5 4.5',
  'chevron-up': 'M5.5 12l4.5-4.5l4.5 4.5',
  'circle-dashed': 'M8 3.3a7 7 0 0 1 4 0M15.2 5.4a7 7 0 0 1 1.6 3M16.8 11.6a7 7 0 0 1-1.6 3M12 16.7a7 7 0 0 1-4 0M4.8 14.6a7 7 0 0 1-1.6-3M3.2 8.4a7 7 0 0 1 1.6-3',
  'clipboard': 'M6 4.5h8v12h-8zM8 3h4v3h-4z',
  'clock': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M10 6v4.2l2.8 1.6',
  'connect': 'M8 12l4-4M9 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M11 13.5l-2 2a3.2 3.2 0 0 1-4.5-4.5l2-2',
  'delete': 'M4 6h12M8 6v-2h4v2M5.5 6l.7 10.5h7.6l.7-10.5M8.5 9v5M11.5 9v5',
  'delivery': 'M2.5 5.5h9v8h-9zM11.5 8.5h3.5l2.5 2.5v2.5h-6M6 13.5v2M14.5 13.5v2',
  'disabled': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M5.2 5.2l9.6 9.6',
  'edit': 'M4 16l.8-3.5l8.2-8.2l2.7 2.7l-8.2 8.2z',
  'export': 'M10 13v-9M6.5 7l3.5-3.5l3.5 3.5M4 13v3h12v-3',
  'external': 'M8 4.5h-4v11.5h11.5v-4M11 4h5v5M16 4l-7 7',
  'filter': 'M3.5 6h13M6 10h8M8.5 14h3',
  'import': 'M10 4v9M6.5 9.5l3.5 3.5l3.5-3.5M4 13v3h12v-3',
  'info': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M10 9.5v4M10 6.7v.1',
  'inventory': 'M3.5 6.5l6.5-3l6.5 3v7l-6.5 3l-6.5-3zM3.5 6.5l6.5 3l6.5-3M10 9.5v7',
  'location': 'M10 17c-3.5-3.8-5-6-5-8.3a5 5 0 0 1 10 0c0 2.3-1.5 4.5-5 8.3M10 7.2a1.6 1.6 0 1 0 .01 0',
  'lock': 'M5 9h10v7h-10zM7 9v-2a3 3 0 0 1 6 0v2',
  'menu-horizontal': 'M5 10v.01M10 10v.01M15 10v.01',
  'minus': 'M5 10h10',
  'order': 'M5 3.5h10v13l-2.5-1.5l-2.5 1.5l-2.5-1.5l-2.5 1.5zM8 7.5h4M8 10.5h4',
  'package': 'M3.5 6.5l6.5-3l6.5 3v7l-6.5 3l-6.5-3zM3.5 6.5l6.5 3l6.5-3M10 9.5v7',
  'pause-circle': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M8.2 7.5v5M11.8 7.5v5',
  'person': 'M10 4a3 3 0 1 0 .01 0M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5',
  'play': 'M6 4l10 6l-10 6z',
  'plus': 'M10 4.5v11M4.5 10h11',
  'question-circle': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M8 8.2a2 2 0 1 1 2.7 1.9q-.7.3-.7 1.2M10 13.7v.1',
  'refresh': 'M15.5 7a6.2 6.2 0 0 0-11.3 1.5M4.5 13a6.2 6.2 0 0 0 11.3-1.5M16 3.5v3.7h-3.7M4 16.5v-3.7h3.7',
  'search': 'M8.8 4a4.8 4.8 0 1 0 .01 0M12.3 12.3l3.9 3.9',
  'send': 'M3.5 10l13-6l-4.5 13l-2.5-5.5z',
  'settings': 'M4 6h7M14 6h2M4 10h2M9 10h7M4 14h6M13 14h3M12.5 4.5v3M7.5 8.5v3M11.5 12.5v3',
  'store': 'M4 9v7h12v-7M3 9l1.5-5h11l1.5 5a2.3 2.3 0 0 1-4.7 0a2.3 2.3 0 0 1-4.6 0a2.3 2.3 0 0 1-4.7 0',
  'view': 'M2.5 10c2-3.5 4.5-5 7.5-5s5.5 1.5 7.5 5c-2 3.5-4.5 5-7.5 5s-5.5-1.5-7.5-5M10 7.8a2.2 2.2 0 1 0 .01 0',
  'x': 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  'x-circle': 'M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M7.5 7.5l5 5M12.5 7.5l-5 5',
};

function iconMarkup(name) {
  const drawing = DRAWINGS[name] ?? 'M10 6.5a3.5 3.5 0 1 0 .01 0';
  return `<svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d="${drawing}"/></svg>`;
}

/** Draws an icon into an element of ours, or hides that element when there is no name. */
function drawIcon(place, name) {
  place.hidden = !name;
  if (place.dataset.icon === name) return;
  place.dataset.icon = name;
  place.innerHTML = name ? iconMarkup(name) : '';
}

define('s-icon', simple({
  properties: {type: String, tone: String, color: String, size: String, interestFor: String},
  css: `
    :host { display: inline-block; inline-size: 20px; block-size: 20px; vertical-align: middle; color: #4a4a4a; }
    :host([size=small]) { inline-size: 16px; block-size: 16px; }
    :host([color=subdued]) { color: #8a8a8a; }
    :host([tone=success]) { color: #047b5d; } :host([tone=critical]) { color: #c70a24; }
    :host([tone=warning]), :host([tone=caution]) { color: #956f00; } :host([tone=info]) { color: #0071e3; }
    span, svg { display: block; inline-size: 100%; block-size: 100%; }`,
  html: '<span aria-hidden="true"></span>',
  update() {
    drawIcon(this.part$('span'), this.type || 'circle');
  },
}));
