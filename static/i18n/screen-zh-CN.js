/** 屏幕共享的用语。 */

/** @template {string} K @param {Record<K, import('./zh-CN.js').Entry>} entries @returns {Record<K, import('./zh-CN.js').Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'screen.share': '共享屏幕',
  'screen.end': '结束共享',
  'screen.on_stage': '向法庭共享的屏幕',
  'screen.of': ({who}) => `${who}正在共享屏幕`,
  'screen.yours': '您正在共享屏幕',
  'screen.yours_words': '在庭人员都能看到，共享内容将被录入庭审录像。',
  'screen.sound_only': '您选择了仅听声音，画面不会传送给您。',
  'screen.waits': '画面加载中…',
  'screen.failed': '本设备无法共享屏幕。',
  'screen.news_shared': ({who}) => `${who}开始共享屏幕`,
  'screen.news_ended': ({who}) => `${who}已结束共享屏幕`,
  'screen.news_ended_yours': '您的屏幕共享已结束。',
});
