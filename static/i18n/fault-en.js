/** English words of faults of the record and the judge’s statement about them. */

/** @type {Record<keyof typeof import('./fault-zh-CN.js').default, import('./zh-CN.js').Entry>} */
const fault = {
  'fault.out': 'Recording has stopped: what is said now is not on the record.',
  'fault.suspends_in': ({seconds}) => `The hearing is interrupted in ${seconds} s.`,
  'fault.go_on': 'Go on without a record',
  'fault.go_on_title': 'Go on without a recording?',
  'fault.go_on_words': 'This decision and its reason go into the court’s log. The gap counts as a fault, to be explained before the hearing ends.',
  'fault.go_on_reason': 'Reason (required)',
  'fault.go_on_usual': 'Somebody is speaking and should not be cut short; the fault is being put right.',
  'fault.overridden': ({since}) => `Nothing is recorded since ${since}. By the judge’s order the hearing goes on.`,
  'fault.recovered': ({length}) => `Recording works again. The gap of ${length} is in the court’s log.`,
  'fault.no_pictures': ({free}) => `The disk is nearly full: pictures are no longer recorded, sound is. ${free} left.`,
  'fault.disk_critical': ({free}) => `The disk is almost full: ${free} left. Make room now, or pictures will no longer be recorded.`,
  'fault.disk_low': ({free}) => `The disk is filling up: ${free} left. Please have room made.`,
  'fault.pictures_given_up': 'The disk is nearly full: pictures are no longer recorded, sound is.',
  'fault.pictures_kept_again': 'Pictures are recorded again.',
  'fault.unstated': ({faults}) => `Faults of the recording without a statement: ${faults}.`,
  'fault.state': 'State the cause',
  'fault.state_title': 'Statement about the recording',
  'fault.state_words': 'Before the hearing ends the judge states why the recording broke off. This draft was made from the court’s log: check it, change it, confirm it. It is sealed with the record.',
  'fault.state_label': 'Statement',
  'fault.stated': 'The statement is in the court’s log.',
};

export default fault;
