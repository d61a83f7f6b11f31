/** 画面、明暗、快捷键的中文词句。Its keys are the keys of every other. */

/** @typedef {import('./zh-CN.js').Entry} Entry */

/** @template {string} K @param {Record<K, Entry>} entries @returns {Record<K, Entry>} */
const catalogue = (entries) => entries;

export default catalogue({
  'look.people': '在庭人员画面',
  'look.dialog': '设备与显示',
  'look.title': '画面与显示',
  'look.layout': '画面排列',
  'look.layout_grid': '席位排列',
  'look.layout_speaker': '突出发言人',
  'look.self': '显示自己的画面',
  'look.self_hidden': '您的画面仍在传给法庭，只是自己看不到。',
  'look.theme': '明暗',
  'look.theme_system': '跟随设备',
  'look.theme_light': '浅色',
  'look.theme_dark': '深色',
  'look.to_light': '切换为浅色',
  'look.to_dark': '切换为深色',
  'look.fill': '全屏',
  'look.unfill': '退出全屏',
  'look.float': '小窗播放',
  'look.no_picture': '目前没有可以放进小窗的画面。',
  'keys.title': '快捷键',
  'keys.words': '输入文字时，或有对话框打开时，快捷键不起作用。',
  'keys.on': '使用快捷键',
  'keys.M': '打开或关闭麦克风',
  'keys.V': '打开或关闭摄像头',
  'keys.H': '举手或放下',
  'keys.C': '求助、与法庭联系',
  'keys.P': '管理面板',
  'keys.L': '切换画面排列',
  'keys.F': '全屏',
  'keys.sheet': '打开这张说明',
  'keys.tab': '在按钮之间移动',
  'keys.enter': '按下当前按钮',
  'keys.escape': '关闭对话框',
  'announce.session': ({session}) => `法庭状态：${session}`,
  'announce.phase': ({phase}) => `当前阶段：${phase}`,
});
