/** 法官就记录作出的命令，以及遮蔽副本的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'verify.item_order': ({number}) => `法官关于记录的命令 第 ${number} 项`,
  'verify.why.order_sealed': ({began, ended, at, reason}) => `${at} 命令封存 ${began} 至 ${ended}：${reason}`,
  'verify.why.order_unsealed': ({of, at, reason}) => `${at} 解除第 ${of} 项命令的封存：${reason}`,
  'verify.why.order_held': ({at, reason}) => `${at} 命令保全记录：${reason}`,
  'verify.why.order_released': ({at, reason}) => `${at} 解除保全：${reason}`,
  'verify.why.order_missing': '此处应为另一项命令',
  'verify.why.order_foreign': '不属于本次庭审',
});
