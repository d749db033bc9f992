// Forms saved as JSON, refusals beside fields.
(() => {
  'use strict';
  const {$, $$, say, ask, pressed, during, announce, complain, go, test} = tagdock;
  const named = (root) => $$('[name]:not([type=hidden])', root);
  const keyOf = (field) => 'own' in field.dataset ? field.name : field.name.split('.')[0];

  /** Takes errors away. */
  function clear(form, key) {
    for (const field of named(form)) if (field.error && (!key || keyOf(field) === key)) field.error = '';
  }

  /** What a field holds, as the API takes it. */
  function held(field) {
    if (field.localName === 's-switch') return field.checked;
    if (field.localName === 's-number-field') return field.value === '' ? null : Number(field.value);
    if (field.localName === 's-choice-list') return field.multiple ? field.values : field.values[0];
    if (!('list' in field.dataset)) return field.value;
    return (field.value.match(/[^\s,;][^,;]*/g) ?? []).map((item) => field.dataset.list + item.trim());
  }

  function put(body, [key, ...rest], value) {
    if (rest.length) put(body[key] ??= {}, rest, value);
    else body[key] = Array.isArray(body[key]) ? [...body[key], ...value] : value;
  }

  /** A name and its value, maybe of several fields. */
  function putPair(body, pair) {
    const texts = named(pair).filter((field) => !field.hidden).map((field) => field.value.trim());
    const key = pair.dataset.key ?? texts.shift();
    const value = texts.join('');
    const all = body[pair.dataset.pair] ??= {};
    if (value) all[key] = 'json' in pair.dataset ? JSON.parse(value) : value;
  }

  function collect(form) {
    const body = {};
    for (const field of named(form)) {
      const left = field.closest('[data-pair]') || 'optional' in field.dataset && !field.value;
      if (!left) put(body, field.name.split('.'), held(field));
    }
    for (const pair of $$('[data-pair]', form)) putPair(body, pair);
    if (form.dataset.version) body.version = Number(form.dataset.version);
    return body;
  }

  /** Settings go with what they were: the server keeps what others changed meanwhile. */
  function edits(form) {
    const body = collect(form);
    const read = JSON.parse(form.dataset.read ?? '{}');
    if ('version' in body) return {...body, read};
    for (const key in read) if (body[key] === read[key]) delete body[key];
    return body;
  }

  function refuse(form, {errors = {}, fields, error, version}, verdict) {
    if (version !== undefined) form.dataset.version = version;
    announce('', verdict);
    Object.assign(errors, fields);
    const wrong = named(form).filter((field, at, all) =>
      errors[keyOf(field)] && !all.slice(0, at).some((other) => keyOf(other) === keyOf(field)));
    for (const field of wrong) Object.assign(field, {error: errors[keyOf(field)], hidden: false});
    if (wrong[0]) return wrong[0].focus();
    complain(error, verdict);
    if (form.matches('[data-save-bar]') && verdict.matches('[data-verdict]')) verdict.append($('[data-again]').content.cloneNode(true));
    verdict.scrollIntoView({block: 'center'});
  }

  /** The save bar takes what was submitted for saved: a mark says it was not. */
  function stayUnsaved(form) {
    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'refused'}));
    form.dispatchEvent(new Event('change', {bubbles: true}));
  }

  async function save(form) {
    const verdict = $('[data-verdict]', form);
    announce('', verdict);
    clear(form);
    const {ok, body} = await ask(form.dataset.put, 'PUT', JSON.stringify(edits(form)));
    if (!ok) {
      stayUnsaved(form);
      return refuse(form, body, verdict);
    }
    if ('tested' in form.dataset && !await test(verdict) && form.dataset.next) return;
    if (form.dataset.setup) await ask('/api/setup', 'PUT', form.dataset.setup);
    else shopify.toast?.show(say('saved'));
    return go(form.dataset.next ?? location.href);
  }

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.dataset.put) return;
    event.preventDefault();
    const button = $('[type=submit]', form) ?? {};
    if (!button.loading) during(button, save(form));
  });

  async function preview(button) {
    const form = button.closest('form');
    const place = $('[data-preview-rows]', form);
    clear(form);
    const asked = {count: Number($('[data-count]', form).value), settings: collect(form)};
    const {ok, body} = await ask('/api/settings/preview', 'POST', JSON.stringify(asked), 'text/html');
    if (ok) place.innerHTML = body;
    else refuse(form, body, place);
  }

  const DOES = {
    preview: (button) => during(button, preview(button)),
    replaceToken(button) {
      const field = $('[name=token]', button.closest('[data-token]'));
      field.hidden = false;
      field.focus();
      button.hidden = true;
    },
    add(button) {
      button.before(button.previousElementSibling.content.cloneNode(true));
      named(button.previousElementSibling)[0].focus();
    },
    async grant(button) {
      await shopify.scopes.request([button.dataset.scope]);
      await ask('/api/scopes');
      go(location.href);
    },
    propose(button) {
      for (const field of $$('[data-proposed]')) field.value = field.dataset.proposed;
      $('[data-proposed]').dispatchEvent(new Event('change', {bubbles: true}));
      button.hidden = true;
    },
  };
  pressed('[data-does]', (button) => DOES[button.dataset.does](button));

  document.addEventListener('reset', ({target}) => clear(target));
  // Of many locations those whose name has the words.
  document.addEventListener('input', ({target}) => {
    const field = target.closest?.('[data-put] [name]');
    if (field) clear(field.closest('form'), keyOf(field));
    if (!target.matches?.('[data-narrow]')) return;
    const words = target.value.toLowerCase();
    for (const row of $$('[data-words]')) row.hidden = !row.dataset.words.toLowerCase().includes(words);
  });
  // A source that needs a name shows the field for it.
  document.addEventListener('change', ({target}) => {
    if (target.matches?.('[data-source]')) target.nextElementSibling.hidden = !target.value.endsWith(':');
  }, true);

  if ($('[data-waiting]')) setTimeout(() => go(location.href), 3000);
  if (shopify.scopes) for (const button of $$('[data-does=grant]')) button.hidden = false;

  Object.assign(tagdock, {clear, collect, refuse});
  // Only what is drawn takes the focus.
  const heading = $('[data-focus]');
  if (heading) requestAnimationFrame(() => Object.assign(heading, {tabIndex: -1}).focus());
})();
