/** 录音录像中断及其书面说明的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'fault.out': '录音录像中断，当前内容没有录制。',
  'fault.suspends_in': ({seconds}) => `${seconds} 秒后庭审自动中断。`,
  'fault.go_on': '不录制，继续庭审',
  'fault.go_on_title': '在不录音录像的情况下继续庭审？',
  'fault.go_on_words': '此决定及理由记入庭审日志。中断时段作为故障记录，结束庭审前须作书面说明。',
  'fault.go_on_reason': '理由（必填）',
  'fault.go_on_usual': '诉讼参与人正在发言，不宜打断；故障同时排除。',
  'fault.overridden': ({since}) => `自 ${since} 起没有录音录像。经审判人员决定，庭审继续进行。`,
  'fault.recovered': ({length}) => `录音录像已恢复，中断 ${length}，已记入庭审日志。`,
  'fault.no_pictures': ({free}) => `存储空间不足：画面已停止录制，声音继续录制。剩余 ${free}。`,
  'fault.disk_critical': ({free}) => `存储空间即将用尽，剩余 ${free}。请立即清理，否则将停止录制画面。`,
  'fault.disk_low': ({free}) => `存储空间偏低，剩余 ${free}。请通知技术人员清理。`,
  'fault.pictures_given_up': '存储空间不足，画面停止录制，声音继续录制。',
  'fault.pictures_kept_again': '画面恢复录制。',
  'fault.unstated': ({faults}) => `录音录像曾因故障中断 ${faults} 次，尚未作书面说明。`,
  'fault.state': '作出说明',
  'fault.state_title': '录音录像中断的书面说明',
  'fault.state_words': '结束庭审前，审判人员须说明录音录像中断的原因。以下文字由系统根据庭审日志草拟，请核对、修改后确认；说明将随录音录像封存。',
  'fault.state_label': '说明内容',
  'fault.stated': '说明已记入庭审日志。',
});
