/** 全部法庭一览页的用语。 */

export default /** @type {const} @satisfies {Record<string, import('./zh-CN.js').Entry>} */ ({
  'courtrooms.title': '全部法庭',
  'courtrooms.words': '实时显示正在进行的全部庭审。在此办理的事项，以该庭书记员身份进行。',
  'courtrooms.none': '目前没有正在使用的法庭。',
  'courtrooms.judge_here': '法官已到庭',
  'courtrooms.judge_away': '法官未到庭',
  'courtrooms.recorder_writing': '录制中',
  'courtrooms.recorder_stalled': '录制中断',
  'courtrooms.recorder_off': '未录制',
  'courtrooms.people': ({here, of}) => `到场 ${here}/${of} 人`,
  'courtrooms.calm': '无人求助',
  'courtrooms.tell': '通知全体',
  'courtrooms.tell_title': ({number}) => `通知${number}全体人员`,
  'courtrooms.send': '发送',
  'courtrooms.inside': '书记员已在庭内',
  'courtrooms.enter': '以书记员身份进入',
  'courtrooms.detail': '人员与链接',
  'courtrooms.no_clerk': '本案没有书记员，只能查看，不能办理。',
});
