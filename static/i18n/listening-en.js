/** Taking part by sound only, in English. */

/** @type {Record<keyof typeof import('./listening-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const listening = {
  'listening.title': 'Sound only, saves data',
  'listening.words': 'You are sent no pictures, and everyone’s voice in one stream: about 25 MB an hour. Your own camera is switched off too; you can switch it on again. The recording stays as it is.',
  'listening.on': 'You chose sound only: no pictures are sent to you.',
  'listening.end': 'Show pictures',
  'listening.offer': 'Sound only',
  'listening.no_pictures': 'Sound only: no picture is sent to you',
  'listening.badge': 'Sound only',
  'listening.sees_nobody': 'This person hears the court and sees no pictures.',
};

export default listening;
