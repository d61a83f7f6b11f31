/** English words of how long records are kept, what was destroyed, what is sealed by order, and of legal holds. */

/** @type {Record<keyof typeof import('./retention-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const retention = {
  'verify.state.destroyed': 'destroyed by rule',
  'verify.item_destruction': ({number}) => `Tombstone ${number}`,
  'verify.why.destroyed': ({at, years}) => `destroyed on ${at}, after ${years} years, under the court’s rule; the court signed for it`,
  'verify.why.destruction': ({at}) => `what was destroyed on ${at}: signed by the court, and within the rule`,
  'verify.why.other_rule': 'the hearing was scheduled under another rule',
  'verify.why.too_early': 'the time of the rule was not over',
  'verify.why.held': 'a legal hold was set at the time',
  'verify.gone': ({count}) => `${count} items were destroyed when their time was over, and the court signed for that; what they held can’t be checked any more.`,
};

export default retention;
