/** English words of confirming and signing the integrity check value. */

/** @type {Record<keyof typeof import('./seal-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const seal = {
  'seal.title': 'Integrity check value of the record',
  'seal.waiting': 'The record is being sealed. Its check value will appear here.',
  'seal.words': 'The check value is computed from the whole recording and the court’s log: any change would change it. Copy or keep it, to compare later.',
  'seal.value': 'Check value',
  'seal.sealed_at': ({at}) => `Sealed ${at}`,
  'seal.copy': 'Copy the value',
  'seal.sign': 'Sign the check value',
  'seal.sign_words': 'By signing you confirm that the recording of this hearing is the one with this check value. The key is made on your device for this one signature and never leaves it. Signing does not mean that you agree with what was said.',
  'seal.signing': 'Signing…',
  'seal.you_signed': ({at}) => `You signed on ${at}. The signature was checked and is kept with the record.`,
  'seal.you_refused': ({at}) => `It was noted on ${at} that you did not sign. You still can, here.`,
  'seal.receipt': 'Save your receipt',
  'seal.unable': 'This browser can’t sign. Please open the link in your phone’s own browser, or in a current Chrome, Edge or Safari.',
  'seal.confirm': 'Confirm the seal',
  'seal.confirm_words': 'Confirming says that judge or clerk have checked the time of the seal and its value.',
  'seal.confirmed_by': ({who, at}) => `Confirmed by ${who}, ${at}`,
  'seal.people': 'Who has signed',
  'seal.signed': ({at}) => `signed, ${at}`,
  'seal.refused': ({at, reason}) => `did not sign (${reason}), noted ${at}`,
  'seal.awaited': 'has not signed',
  'seal.note_refusal': 'Note a refusal',
  'seal.refusal_title': ({who}) => `Note that ${who} did not sign`,
  'seal.refusal_words': 'The person can still sign afterwards, by the same link.',
  'seal.refusal_reason': 'Reason (required)',
  'verify.item_countersignature': ({number}) => `Added after the seal: entry ${number}`,
  'verify.why.signed': ({who, at}) => `signed by ${who} on ${at}: valid`,
  'verify.why.confirmed': ({who, at}) => `the seal was confirmed by ${who} on ${at}`,
  'verify.why.refused': ({who, at, reason}) => `${who} did not sign (${reason}), noted on ${at}`,
  'verify.why.signature_wrong': ({who, at}) => `the signature of ${who} on ${at} does not hold`,
};

export default seal;
