/** The court's notice in plain words: what a person wrote stands as it is, what the system notes is translated. */
import {t} from '../language.js';

/** @type {Record<string, import('../language.js').Word>} */
const SYSTEM = {
  'judge lost': 'notice.judge_lost',
  'server stopping': 'notice.server',
  'server restarted': 'notice.server',
};

/** @param {string} note */
export function noticeText(note) {
  const known = SYSTEM[note];
  if (known) return t(known);
  return note.startsWith('recorder:') ? t('notice.recorder') : note;
}

/** @param {import('../types.js').View} view */
export function noticeOf(view) {
  return view.session === 'recess' || view.session === 'suspended' ? noticeText(view.notice) : '';
}
