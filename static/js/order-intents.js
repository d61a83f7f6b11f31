/** What can be asked about order and floor. */

/** @param {(kind: string, fields?: Record<string, unknown>) => Promise<boolean>} ask */
export function orderIntents(ask) {
  return {
    raiseHand: () => ask('raise_hand'),
    /** @param {string} [id] your own without one */
    lowerHand: (id) => ask('lower_hand', id ? {participant_id: id} : {}),
    lowerAllHands: () => ask('lower_all_hands'),
    /** @param {number|null} seconds */
    callNext: (seconds) => ask('call_next', {seconds}),
    /** @param {string} id @param {number|null} seconds */
    giveFloor: (id, seconds) => ask('give_floor', {participant_id: id, seconds}),
    takeFloor: () => ask('take_floor'),
    /** @param {boolean} isOn */
    setFloorMode: (isOn) => ask('set_floor_mode', {is_on: isOn}),
    /** @param {boolean} isOn */
    lockMicrophones: (isOn) => ask('set_microphone_lock', {is_on: isOn}),
    /** @param {import('./types.js').RequestKind} request @param {string} note */
    askCourt: (request, note) => ask('ask_court', {request, note}),
    /** @param {number} number */
    withdrawRequest: (number) => ask('withdraw_request', {number}),
    /** @param {number} number @param {boolean} isGranted */
    answerRequest: (number, isGranted) => ask('answer_request', {number, is_granted: isGranted}),
    /** @param {string} id @param {string} reason */
    warn: (id, reason) => ask('warn', {participant_id: id, reason}),
    acknowledgeWarning: () => ask('acknowledge_warning'),
    /** @param {number} number @param {'walked_out'|'excused'} finding */
    ruleOnWalkOut: (number, finding) => ask('rule_on_walk_out', {number, finding}),
    /** @param {string} id */
    handOverPresiding: (id) => ask('hand_over_presiding', {participant_id: id}),
    takePresiding: () => ask('take_presiding'),
    /** @param {string} id @param {boolean} isGranted */
    answerTakeover: (id, isGranted) => ask('answer_takeover', {participant_id: id, is_granted: isGranted}),
    /** @param {import('./types.js').Phase} phase @param {import('./types.js').Phase[]} merges by the parties' consent */
    mergePhases: (phase, merges) => ask('set_phase', {phase, merges, by_consent: true}),
  };
}
