/** 保管期限、到期销毁、依令封存与保全的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'verify.state.destroyed': '依规销毁',
  'verify.item_destruction': ({number}) => `销毁记录第${number}条`,
  'verify.why.destroyed': ({at, years}) => `保管期满${years}年后于${at}依规销毁，法院已签名`,
  'verify.why.destruction': ({at}) => `${at}的销毁记录，由法院签名，合乎规则`,
  'verify.why.other_rule': '与该庭排期时确定的保管期限不符',
  'verify.why.too_early': '销毁时保管期限未满',
  'verify.why.held': '销毁时记录正处于保全之中',
  'verify.gone': ({count}) => `其中${count}项已依保管期限销毁，均有法院签名的销毁记录；其内容已无法核对。`,
});
