/** Whose picture leads when the speaker is shown large. Pure. */
import {seated} from './stage.js';

/**
 * Who is heard now; in a silence who led before; at first who has the floor, or presides. Never you, while others are there.
 * @param {import('./store.js').State} state @param {import('./types.js').View} view @param {string|null} before
 * @returns {string|null}
 */
export function leadOf(state, view, before) {
  const others = new Set(seated(view).filter(({id}) => id !== view.you.id).map(({id}) => id));
  const heard = state.ownLink ? state.speaker : [...state.speaking].find((id) => others.has(id)) ?? null;
  const candidates = [heard, before, view.order.floor.holder, view.order.presiding, ...others];
  return candidates.find((id) => id !== null && others.has(id)) ?? null;
}
