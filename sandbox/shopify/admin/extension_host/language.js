// shopify.i18n: an extension's own words, chosen by key and count, in the admin's language.

function wordsUnder(translations, key) {
  return key.split('.').reduce((found, part) => found?.[part], translations);
}

/** The form of a plural that a count asks for; `zero`, `one` … exactly, then the language's rule. */
function inNumber(found, count, language) {
  if (typeof found !== 'object' || found === null) return found;
  const form = new Intl.PluralRules(language).select(Number(count ?? 0));
  return found[form] ?? found.other;
}

/** Splits a sentence at its `{{places}}` and fills them; values that are no text stay what they are. */
function fill(sentence, values) {
  const parts = sentence.split(/{{\s*(\w+)\s*}}/);
  const filled = parts.map((part, index) => (index % 2 ? values[part] ?? `{{${part}}}` : part));
  const plain = filled.every((part) => typeof part !== 'object');
  return plain ? filled.join('') : filled.filter((part) => part !== '');
}

/** Numbers and dates are written as the admin writes them, moments in the store's own time. */
function makeI18n({translations, language, locale, zone}) {
  return {
    translate(key, values = {}) {
      const found = inNumber(wordsUnder(translations, key), values.count, language);
      return typeof found === 'string' ? fill(found, values) : key;
    },
    formatNumber: (number, {inExtensionLocale, ...options} = {}) =>
      new Intl.NumberFormat(locale, options).format(number),
    formatCurrency: (number, {inExtensionLocale, ...options} = {}) =>
      new Intl.NumberFormat(locale, {style: 'currency', currency: 'EUR', ...options}).format(number),
    formatDate: (date, {inExtensionLocale, ...options} = {}) =>
      new Intl.DateTimeFormat(locale, {timeZone: zone, ...options}).format(date),
  };
}
