/** English words of a judge's orders about a record, and of redacted copies. */

/** @type {Record<keyof typeof import('./redaction-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const redaction = {
  'verify.item_order': ({number}) => `Judge’s order about the record: no. ${number}`,
  'verify.why.order_sealed': ({began, ended, at, reason}) => `${began} to ${ended} sealed on ${at}: ${reason}`,
  'verify.why.order_unsealed': ({of, at, reason}) => `what order ${of} sealed was unsealed on ${at}: ${reason}`,
  'verify.why.order_held': ({at, reason}) => `a legal hold was set on ${at}: ${reason}`,
  'verify.why.order_released': ({at, reason}) => `the legal hold was lifted on ${at}: ${reason}`,
  'verify.why.order_missing': 'another order should stand here',
  'verify.why.order_foreign': 'it is of another hearing',
};

export default redaction;
