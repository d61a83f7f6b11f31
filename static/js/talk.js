/** A word of help: the clerk and one person alone. Pure questions about it. */

/** @typedef {{participant_id: string, with_id: string, with_role: import('./types.js').Role, with_name: string, is_yours: boolean, in_court: boolean, began_at: string}} Talk */

/** The talk you are in. @param {import('./types.js').View} view @returns {Talk|null} */
export function ownTalk(view) {
  return view.lobby.talks.find((talk) => talk.is_yours) ?? null;
}

/** True while somebody talks with the clerk alone; only the court's desk knows of others. @param {import('./types.js').View} view @param {string} id */
export function isHelped(view, id) {
  return view.lobby.talks.some((talk) => talk.participant_id === id);
}
