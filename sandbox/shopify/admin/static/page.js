// What the server said about this page, and its words.

const {words, ...rest} = JSON.parse(document.getElementById('facts').textContent);

/** Shop, handle, language, the app's address and name. */
export const facts = rest;

/** The locale that dates and numbers are written in. */
export const locale = facts.language === 'en' ? 'en-GB' : facts.language;

/** A sentence by its key, `{places}` filled. */
export function t(key, values = {}) {
  return words[key].replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
}

export const has = (key) => key in words;

/** Makes an element: attributes by name, `on…` functions as listeners, children last. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** The page's own address inside this store. */
export const storePath = (path) => `/store/${facts.handle}${path}`;
