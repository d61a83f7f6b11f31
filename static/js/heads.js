/**
 * The court's signed states of its own log (weather, `checkpoint`), kept in this browser: with them anyone can show later
 * that the log was not rewritten. docs/record-format.md describes the file that is handed in.
 */

/** @typedef {{count: number, head: string, signature: string}} Checkpoint */

const KEPT_AS = 'cloudcourt.heads.';
const LIMIT = 200;

/** @param {string} hearingId @param {Checkpoint|null|undefined} checkpoint @param {Storage} [storage] */
export function keepHead(hearingId, checkpoint, storage = localStorage) {
  if (!checkpoint) return;
  const heads = keptHeads(hearingId, storage);
  if (heads.some(({count, head}) => count === checkpoint.count && head === checkpoint.head)) return;
  try {
    storage.setItem(KEPT_AS + hearingId, JSON.stringify([...heads, checkpoint].slice(-LIMIT)));
  } catch {
    // A full or forbidden storage keeps nobody from the hearing.
  }
}

/** @param {string} hearingId @param {Storage} [storage] @returns {Checkpoint[]} oldest first */
export function keptHeads(hearingId, storage = localStorage) {
  try {
    const kept = JSON.parse(storage.getItem(KEPT_AS + hearingId) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** What is handed in. @param {string} hearingId @param {Storage} [storage] @returns {string} */
export function headsFile(hearingId, storage = localStorage) {
  return JSON.stringify({format: 'cloudcourt-heads/1', hearing: hearingId, heads: keptHeads(hearingId, storage)});
}
