/** “只听声音”的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'listening.title': '只听声音，省流量',
  'listening.words': '不再接收画面，所有人的声音合成一路，每小时约 25 MB。您自己的摄像头也会关闭，可以随时再打开。录音录像不受影响。',
  'listening.on': '您选择了只听声音，不接收画面。',
  'listening.end': '恢复画面',
  'listening.offer': '只听声音',
  'listening.no_pictures': '只听声音，画面未接收',
  'listening.badge': '只听声音',
  'listening.sees_nobody': '此人只听声音，看不到画面。',
});
