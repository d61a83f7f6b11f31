/** Moments of a record. A Date alone would drop what is below a millisecond, and the other verifiers don't. */

/** Seconds since 1970. @param {string} text @returns {number} NaN for what is no moment */
export function secondsOf(text) {
  const [, whole = '', fraction = '', zone = ''] = /^([^.]+?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return Date.parse(whole + zone) / 1000 + Number(`0${fraction}`);
}
