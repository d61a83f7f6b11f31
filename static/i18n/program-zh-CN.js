/** 录制监听与公众旁听的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'title.gallery': '公众旁听',
  'program.unsupported': '当前浏览器无法播放，请换用新版浏览器。',

  'monitor.title': '录制监听',
  'monitor.show': '查看录像',
  'monitor.hide': '收起',
  'monitor.picture': '数秒前已写入的庭审录像',
  'monitor.wait': '正在等待已写入的录像…',
  'monitor.age': ({seconds}) => `${seconds} 秒前写入`,
  'monitor.late': '服务器繁忙，影像生成较慢；录制本身不受影响，下方音量仍为最新。',
  'monitor.listen': '监听声音',
  'monitor.stop_listening': '停止监听',
  'monitor.headphones': '请使用耳机，以免法庭内出现回声。',
  'monitor.unchecked': '尚未核听录音。',
  'monitor.good': '录音正常。',
  'monitor.level': ({who}) => `${who}的录音音量`,
  'monitor.nothing': '没有写入声音',
  'monitor.never_heard': '录音中尚未有声音',
  'monitor.quiet_for': ({seconds}) => `已安静 ${seconds} 秒`,
  'monitor.db': ({level}) => `${level} 分贝`,

  'alarm.silent': ({who}) => `${who}：录音中没有声音，请检查其麦克风。`,
  'alarm.overdriven': ({who}) => `${who}：录音过载失真，请其远离麦克风后重新陈述。`,
  'alarm.missing': ({who, percent}) => `${who}：最近一分钟的录音缺失 ${percent}%，请其重新陈述。`,
  'alarm.unwritten': ({who}) => `${who}：声音没有写入录音。`,
  'alarm.further': ({count}) => `另有 ${count} 条录音提示，见审判席面板。`,

  'gallery.sign_on_air': '公众旁听开放中',
  'gallery.sign_paused': '已开放，暂停播出',
  'gallery.sign_closed': '未开放',
  'gallery.not_public': '本案不公开审理，不设公众旁听。',
  'gallery.open': '开放旁听',
  'gallery.cut': '立即关闭旁听',
  'gallery.copy': '复制旁听网址',
  'gallery.watching': ({taken, seats, seconds}) => `${taken} 人正在旁听（共 ${seats} 席），延迟 ${seconds} 秒播出。`,
  'gallery.open_title': '开放公众旁听',
  'gallery.open_words': '任何人均可通过旁听网址观看庭审，无需登录；画面延迟播出，旁听人员不能发言。',
  'gallery.open_cut': '可随时立即关闭，关闭时尚未播出的内容不再播出。休庭时自动暂停；不公开质证、调解及闭庭时自动关闭。',

  'gallery.nothing': '当前没有可旁听的庭审',
  'gallery.nothing_words': '庭审尚未开始、已经结束，或者不公开审理。请核对网址，或在开庭时再来。',
  'gallery.on_air': '庭审正在公开进行。',
  'gallery.paused': '法庭已开放旁听，庭审暂未进行。',
  'gallery.closed': '法庭目前未开放旁听。',
  'gallery.soon': '画面延迟播出，请稍候…',
  'gallery.rules_title': '旁听纪律',
  'gallery.rule_recording': '禁止录音、录像、截屏、拍照和转播。',
  'gallery.rule_order': '旁听人员不能发言，法庭听不到也看不到您。',
  'gallery.rule_delay': ({seconds}) => `画面比法庭延迟约 ${seconds} 秒，审判长可以随时关闭旁听。`,
  'gallery.rule_mark': '画面上显示您的旁听编号。',
  'gallery.enter': '遵守纪律，进入旁听',
  'gallery.seats': ({free, seats}) => `余 ${free} 席，共 ${seats} 席。`,
  'gallery.full': ({seats}) => `旁听席已满（共 ${seats} 席）。有人离开后即可入席，请稍后再试。`,
  'gallery.picture': '庭审画面',
  'gallery.mark': ({mark}) => `旁听 ${mark}`,
  'gallery.behind': ({seconds}) => `比法庭延迟 ${seconds} 秒`,
  'gallery.sound_on': '打开声音',
  'gallery.sound_off': '关闭声音',
  'gallery.leave': '离开',

  'news.gallery_opened': '审判长已开放公众旁听。',
  'news.gallery_cut': '公众旁听已关闭。',
  'case.public': '公开审理',
  'case.public_words': '涉及国家秘密、个人隐私等依法不公开审理的案件，请取消勾选。公开审理的案件由审判长决定何时开放旁听。',
});
