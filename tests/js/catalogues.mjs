// Prints the catalogues' keys and kinds, for tests/meta/test_static.py.
import zh from '../../static/i18n/zh-CN.js';
import en from '../../static/i18n/en.js';

/** @param {Record<string, unknown>} catalogue */
const kinds = (catalogue) => Object.fromEntries(Object.entries(catalogue).map(([key, entry]) => [key, typeof entry]));

/** What each entry becomes when every field is filled in with its own name. @param {Record<string, unknown>} catalogue */
const filled = (catalogue) => Object.fromEntries(Object.entries(catalogue).map(([key, entry]) => [key,
  typeof entry === 'function' ? entry(new Proxy({}, {get: (_, name) => `<${String(name)}>`})) : entry]));

console.log(JSON.stringify({
  kinds: {'zh-CN': kinds(zh), en: kinds(en)},
  filled: {'zh-CN': filled(zh), en: filled(en)},
}));
