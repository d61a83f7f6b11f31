/** English words of trouble with the connection and the devices. */

/** @type {Record<keyof typeof import('./trouble-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const trouble = {
  'trouble.taken': ({what}) => `A call or another program has your ${what}: the court gets nothing from it. It comes back when the call ends.`,
  'trouble.lost': ({what}) => `Your ${what} was disconnected: the court gets nothing from it.`,
  'trouble.busy': ({what}) => `Your ${what} can’t be opened. Another program may be using it.`,
  'trouble.take_back': 'Tap to come back',
  'trouble.frozen': 'Picture stopped',
  'trouble.frozen_more': '; it is being restored, and the sound may be fine',
  'trouble.away': ({seconds}) => `You were away from this page for ${seconds} s. You are back in court.`,
  'trouble.weak_sound_only': 'Your connection is weak: pictures are paused, sound goes on.',
  'help.taken.title': ({what}) => `The ${what} is taken`,
  'help.taken.advice': 'A call or another program is using it. It comes back when the call ends, or press “Try again”.',
};

export default trouble;
