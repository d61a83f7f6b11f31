/** 中途增加、更换人员与人员隔离的用语。 */

export default /** @type {const} @satisfies {Record<string, import('./zh-CN.js').Entry>} */ ({
  'people.add': '增加人员',
  'people.add_title': '为本次庭审增加人员',
  'people.add_words': '立即生成专用链接；对方须照常办理入庭手续，在候审室等候准许入庭。',
  'people.seat': '增加并生成链接',
  'people.replace': '更换人员',
  'people.replace_title': ({who}) => `更换${who}`,
  'people.replace_words': ({who}) => `${who}将立即退出庭审，原链接失效。新人员接替其位置，包括所属一方、翻译关系和隔离安排。`,
  'people.replace_go': '更换并生成链接',
  'people.reason': '理由（记入庭审记录）',
  'people.link_title': ({who}) => `${who}的入庭链接`,
  'people.link_words': '请对方扫码，或把链接发给对方。链接只在此时显示一次，以后可在书记员工作台重新生成。',
  'people.link_done': '完成',

  'apart.button': '隔离安排',
  'apart.title': ({who}) => `将${who}与下列人员隔离`,
  'apart.words': '选中的人员与此人互相听不到、看不到，也不能进入同一会商室。双方均不会收到提示。',
  'apart.save': '确定隔离安排',
  'apart.fact': '隔离',

  'talk.begin': '单独通话',
  'talk.end': '结束通话',
  'talk.with': ({who}) => `正在与${who}单独通话`,
  'talk.words_in_court': '庭审继续进行；其他人听不到你们的通话，通话不录音。',
  'talk.words_outside': '其他人听不到你们的通话，通话不录音。',
  'talk.going_on': '书记员正在与其单独通话',
});
