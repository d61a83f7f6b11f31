/** English words for how long each party has spoken. */

/** @type {Record<keyof typeof import('./speech-zh-CN.js').default, import('./zh-CN.js').Entry>} */
export default {
  'speech.title': 'Speaking time',
  'speech.a': 'Plaintiff’s side',
  'speech.b': 'Defendant’s side',
  'speech.court': 'Court',
  'speech.others': 'Others',
  'speech.share': ({party, time, percent}) => `${party}: ${time}, ${percent}% of both sides’ time`,
  'speech.people': 'By person',
  'speech.words': ({at}) => `Counted in the recorded sound since ${at}, a few seconds behind. A hint for you alone; it is no part of the record.`,
};
