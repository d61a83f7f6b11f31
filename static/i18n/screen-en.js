/** English words for a shared screen. */

/** @type {Record<keyof typeof import('./screen-zh-CN.js').default, import('./zh-CN.js').Entry>} */
export default {
  'screen.share': 'Share screen',
  'screen.end': 'Stop sharing',
  'screen.on_stage': 'The screen that the court is shown',
  'screen.of': ({who}) => `${who} shares their screen`,
  'screen.yours': 'You are sharing your screen',
  'screen.yours_words': 'Everyone in court sees it, and it is recorded.',
  'screen.sound_only': 'You chose sound only, so no picture is sent to you.',
  'screen.waits': 'The picture is coming…',
  'screen.failed': 'The screen can’t be captured on this device.',
  'screen.news_shared': ({who}) => `${who} shares their screen`,
  'screen.news_ended': ({who}) => `${who} no longer shares their screen`,
  'screen.news_ended_yours': 'Your screen is no longer shared.',
};
