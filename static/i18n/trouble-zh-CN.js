/** 连接与设备出问题时的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'trouble.taken': ({what}) => `您的${what}被电话或其他软件占用，法庭现在收不到。结束通话后会自动恢复。`,
  'trouble.lost': ({what}) => `您的${what}断开了，法庭现在收不到。`,
  'trouble.busy': ({what}) => `您的${what}打不开，可能被其他软件占用。`,
  'trouble.take_back': '点此恢复',
  'trouble.frozen': '画面停住了',
  'trouble.frozen_more': '，正在恢复，声音可能仍然正常',
  'trouble.away': ({seconds}) => `您离开本页面 ${seconds} 秒，现已回到法庭。`,
  'trouble.weak_sound_only': '您的网络较弱，对方画面已暂停，只保留声音。',
  'help.taken.title': ({what}) => `${what}被占用了`,
  'help.taken.advice': '电话或其他软件正在使用它。结束通话后会自动恢复，也可以点“重试”。',
});
