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
  'verify.copy_lead': '这是遮蔽副本：所列内容已从副本中去除。',
  'verify.copy_unproved': '未证明：遮蔽之外与原记录一致（法院如此声明，持有原记录者可以比对）；遮蔽是否恰当。',
  'verify.item_redaction': ({number}) => `遮蔽 第 ${number} 项`,
  'verify.why.copy_signed': ({number, at, seal}) => `法院签署的第 ${number} 号遮蔽副本，${at} 制作；原记录校验值 ${seal}`,
  'verify.why.redacted_silence': ({began, ended, reason}) => `${began} 至 ${ended} 静音：${reason}`,
  'verify.why.redacted_bleep': ({began, ended, reason}) => `${began} 至 ${ended} 消音：${reason}`,
  'verify.why.redacted_blank': ({began, ended, reason}) => `${began} 至 ${ended} 画面遮蔽：${reason}`,
  'verify.why.redacted_cover': ({began, ended, reason}) => `${began} 至 ${ended} 画面中去除一人：${reason}`,
  'verify.why.orders_gone': '封存命令缺失',
  'verify.why.not_left_out': '所封存的内容未从副本中去除',
  'verify.why.seals_nothing': '所引命令并未封存任何内容',
  'verify.why.not_as_sealed': '与所引命令封存的时段不符',
});
