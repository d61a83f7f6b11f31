/** English words for all courtrooms on one page. */

/** @type {Record<keyof typeof import('./courtrooms-zh-CN.js').default, import('./zh-CN.js').Entry>} */
export default {
  'courtrooms.title': 'All courtrooms',
  'courtrooms.words': 'Everything that goes on now, live. What you do here is done as that hearing’s clerk.',
  'courtrooms.none': 'No courtroom is in use now.',
  'courtrooms.judge_here': 'Judge present',
  'courtrooms.judge_away': 'No judge yet',
  'courtrooms.recorder_writing': 'Recording',
  'courtrooms.recorder_stalled': 'Recording has stalled',
  'courtrooms.recorder_off': 'Not recording',
  'courtrooms.people': ({here, of}) => `${here} of ${of} here`,
  'courtrooms.calm': 'Nobody needs help',
  'courtrooms.tell': 'Message everyone',
  'courtrooms.tell_title': ({number}) => `Message to everyone in ${number}`,
  'courtrooms.send': 'Send',
  'courtrooms.inside': 'The clerk is inside',
  'courtrooms.enter': 'Go in as clerk',
  'courtrooms.detail': 'People and links',
  'courtrooms.no_clerk': 'This case has no clerk: you can look, not act.',
};
