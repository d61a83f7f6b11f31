/** 各方发言时长的用语。 */

export default /** @type {const} @satisfies {Record<string, import('./zh-CN.js').Entry>} */ ({
  'speech.title': '发言时长',
  'speech.a': '原告方',
  'speech.b': '被告方',
  'speech.court': '法庭',
  'speech.others': '其他',
  'speech.share': ({party, time, percent}) => `${party}：${time}，占双方发言的 ${percent}%`,
  'speech.people': '按人员查看',
  'speech.words': ({at}) => `自 ${at} 起按已录声音统计，滞后数秒。仅供您参考，不进入庭审记录。`,
});
