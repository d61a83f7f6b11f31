/** The page's language: one catalogue per language, switchable at any time, kept in the browser. */
import {followTheme} from './appearance.js';
import {signal, effect} from './html.js';
import zh from '../i18n/zh-CN.js';
import en from '../i18n/en.js';

/** @typedef {'zh-CN'|'en'} Language */
/** @typedef {keyof typeof zh} Word */

const KEPT_AS = 'cloudcourt.language';
/** @type {Record<Language, Record<Word, import('../i18n/zh-CN.js').Entry>>} */
const CATALOGUES = {'zh-CN': zh, en};

/** @returns {Language} */
function firstChoice() {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === 'zh-CN' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export const language = signal(firstChoice());

/** @param {Language} wanted */
export function setLanguage(wanted) {
  localStorage.setItem(KEPT_AS, wanted);
  language.value = wanted;
}

/**
 * The sentence for a word of the catalogue, in the language of now.
 * @param {Word} word
 * @param {Record<string, string|number>} [fields]
 * @returns {string}
 */
export function t(word, fields = {}) {
  const entry = CATALOGUES[language.value][word];
  return typeof entry === 'function' ? entry(fields) : entry;
}

/**
 * A word whose key ends in a value of the protocol, such as `role.judge`; the value itself when it is unknown.
 * @param {string} family @param {string} value
 */
export function word(family, value) {
  const key = `${family}.${value}`;
  return key in CATALOGUES[language.value] ? t(/** @type {Word} */ (key)) : value;
}

/** Keep `<html lang>`, the title and the colours true. @param {Word} title */
export function titlePage(title) {
  followTheme();
  effect(() => {
    document.documentElement.lang = language.value;
    document.title = `${t(title)} · ${t('brand')}`;
  });
}

/** @param {string|null|undefined} iso @param {Intl.DateTimeFormatOptions} [shape] */
export function when(iso, shape = {dateStyle: 'medium', timeStyle: 'short'}) {
  return iso ? new Intl.DateTimeFormat(language.value, {hourCycle: 'h23', ...shape}).format(new Date(iso)) : '';
}

/** Clock time with seconds. @param {number} ms */
export function clockTime(ms) {
  return new Intl.DateTimeFormat(language.value, {timeStyle: 'medium', hourCycle: 'h23'}).format(ms);
}

/** Hours, minutes and seconds: 1:02:03. @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, at) => (at ? String(part).padStart(2, '0') : String(part))).join(':');
}

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const amount = bytes / 1000 ** power;
  return `${amount.toLocaleString(language.value, {maximumFractionDigits: power && amount < 100 ? 1 : 0})} ${units[power]}`;
}
