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
  'verify.copy_lead': 'This is a redacted copy: what is listed was taken out of it.',
  'verify.copy_unproved': 'Not proved: that outside the redactions it is as the record (so says the court; who holds the record can compare), and that the redactions are right.',
  'verify.item_redaction': ({number}) => `Redaction ${number}`,
  'verify.why.copy_signed': ({number, at, seal}) => `redacted copy ${number}, signed by the court, made on ${at}; check value of the record: ${seal}`,
  'verify.why.redacted_silence': ({began, ended, reason}) => `silent from ${began} to ${ended}: ${reason}`,
  'verify.why.redacted_bleep': ({began, ended, reason}) => `bleeped from ${began} to ${ended}: ${reason}`,
  'verify.why.redacted_blank': ({began, ended, reason}) => `picture blanked from ${began} to ${ended}: ${reason}`,
  'verify.why.redacted_cover': ({began, ended, reason}) => `a person left out of the picture from ${began} to ${ended}: ${reason}`,
  'verify.why.orders_gone': 'the orders that sealed what is left out are missing',
  'verify.why.not_left_out': 'what it seals is not left out of the copy',
  'verify.why.seals_nothing': 'the order it names seals nothing',
  'verify.why.not_as_sealed': 'it is wider or narrower than what its order seals',
};

export default redaction;
