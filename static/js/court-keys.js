/** The keys of the courtroom. Pure. */

/** In the order of the sheet that explains them. */
export const KEYS = /** @type {const} */ (['M', 'V', 'H', 'C', 'P', 'L', 'F', '?']);

/**
 * The key that this press means, or null.
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, repeat: boolean, isComposing: boolean}} press
 * @returns {typeof KEYS[number]|null}
 */
export function keyOf({key, ctrlKey, altKey, metaKey, repeat, isComposing}) {
  if (ctrlKey || altKey || metaKey || repeat || isComposing) return null; // the browser's, a screen reader's, or a word being written
  const named = key === '？' ? '?' : key.toUpperCase();
  return KEYS.find((each) => each === named) ?? null;
}
