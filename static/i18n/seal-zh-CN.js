/** 完整性校验值的确认与签署的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'seal.title': '录音录像完整性校验值',
  'seal.waiting': '录音录像正在封存，校验值稍后显示在此处。',
  'seal.words': '校验值由全部录音录像和庭审日志计算得出，任何改动都会使它改变。请抄录或保存，日后可凭此核对。',
  'seal.value': '校验值',
  'seal.sealed_at': ({at}) => `封存时间：${at}`,
  'seal.copy': '复制校验值',
  'seal.sign': '签署校验值',
  'seal.sign_words': '签署表示：您确认本次庭审的录音录像以此校验值为准。签名密钥仅在您的设备上生成，仅用于本次签署，不会离开设备。签署不代表认可对方的陈述。',
  'seal.signing': '正在签署…',
  'seal.you_signed': ({at}) => `您已于 ${at} 签署，签名已验证并随录音录像保存。`,
  'seal.you_refused': ({at}) => `${at} 已记录您未签署。您仍可在此签署。`,
  'seal.receipt': '保存签署凭证',
  'seal.unable': '此浏览器不支持签署。请用手机自带浏览器或新版 Chrome、Edge、Safari 打开原链接。',
  'seal.confirm': '确认封存',
  'seal.confirm_words': '确认表示：审判人员或书记员已核对封存时间和校验值。',
  'seal.confirmed_by': ({who, at}) => `${who}于 ${at} 确认封存`,
  'seal.people': '签署情况',
  'seal.signed': ({at}) => `已签署，${at}`,
  'seal.refused': ({at, reason}) => `未签署（${reason}），${at} 记录`,
  'seal.awaited': '待签署',
  'seal.note_refusal': '记录拒签',
  'seal.refusal_title': ({who}) => `记录${who}未签署`,
  'seal.refusal_words': '记录后，当事人仍可通过原链接签署。',
  'seal.refusal_reason': '原因（必填）',
  'verify.item_countersignature': ({number}) => `封存后的确认与签署 第 ${number} 项`,
  'verify.why.signed': ({who, at}) => `${who}于 ${at} 签署，签名有效`,
  'verify.why.confirmed': ({who, at}) => `${who}于 ${at} 确认封存`,
  'verify.why.refused': ({who, at, reason}) => `${who}未签署（${reason}），${at} 记录`,
  'verify.why.signature_wrong': ({who, at}) => `${who}于 ${at} 的签名无效`,
});
