/** A record to be checked: the files of a folder, or of a zip, by name. Nothing leaves this page. */

/**
 * @typedef {object} Bundle
 * @property {Set<string>} names
 * @property {(name: string) => Promise<Blob>} open rejects for a file that can't be read
 */

const END_RECORD = 0x06054b50;
const END_RECORD_64 = 0x06064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LONGEST_COMMENT = 65_535;
const FULL_32 = 0xffffffff;

/** @param {{path: string, blob: Blob}[]} files @returns {Bundle} */
export function fromFiles(files) {
  return named(files.map(({path, blob}) => ({path, open: async () => blob})));
}

/** @param {Blob} zip @returns {Promise<Bundle>} Rejects for what is no zip. */
export async function fromZip(zip) {
  const {offset, size} = await directoryOf(zip);
  const view = new DataView(await zip.slice(offset, offset + size).arrayBuffer());
  const files = [];
  for (let at = 0; at + 46 <= view.byteLength && view.getUint32(at, true) === DIRECTORY_ENTRY;) {
    const lengths = {name: view.getUint16(at + 28, true), extra: view.getUint16(at + 30, true), comment: view.getUint16(at + 32, true)};
    const path = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, lengths.name));
    const entry = sizesOf(view, at, at + 46 + lengths.name, lengths.extra);
    if (!path.endsWith('/')) files.push({path, open: () => contentOf(zip, entry)});
    at += 46 + lengths.name + lengths.extra + lengths.comment;
  }
  return named(files);
}

/**
 * A folder around everything is left out; a name that stands twice means nothing.
 * @param {{path: string, open: () => Promise<Blob>}[]} files @returns {Bundle}
 */
function named(files) {
  const tops = new Set(files.map(({path}) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : '')));
  const top = tops.size === 1 ? [...tops][0] ?? '' : '';
  /** @type {Map<string, (() => Promise<Blob>)|null>} */
  const found = new Map();
  for (const {path, open} of files) {
    const name = path.slice(top.length);
    found.set(name, found.has(name) ? null : open);
  }
  const names = new Set([...found].filter(([, open]) => open).map(([name]) => name));
  return {names, open: async (name) => (await found.get(name)?.()) ?? Promise.reject(new Error('missing'))};
}

/** @param {Blob} zip */
async function directoryOf(zip) {
  const begin = Math.max(0, zip.size - 22 - LONGEST_COMMENT);
  const view = new DataView(await zip.slice(begin).arrayBuffer());
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    return offset === FULL_32 || size === FULL_32 ? directory64(zip, view, at) : {offset, size};
  }
  throw new Error('no zip');
}

/** @param {Blob} zip @param {DataView} view @param {number} at */
async function directory64(zip, view, at) {
  const where = Number(view.getBigUint64(at - 20 + 8, true));
  const record = new DataView(await zip.slice(where, where + 56).arrayBuffer());
  if (record.getUint32(0, true) !== END_RECORD_64) throw new Error('no zip');
  return {size: Number(record.getBigUint64(40, true)), offset: Number(record.getBigUint64(48, true))};
}

/** @typedef {{method: number, packed: number, offset: number}} Entry */

/** @param {DataView} view @param {number} at @param {number} extraAt @param {number} extraLength @returns {Entry} */
function sizesOf(view, at, extraAt, extraLength) {
  const entry = {method: view.getUint16(at + 10, true), packed: view.getUint32(at + 20, true), offset: view.getUint32(at + 42, true)};
  const isLong = view.getUint32(at + 24, true) === FULL_32;
  for (let extra = extraAt; extra + 4 <= extraAt + extraLength;) {
    const length = view.getUint16(extra + 2, true);
    if (view.getUint16(extra, true) === 1) {
      let value = extra + 4 + (isLong ? 8 : 0);
      if (entry.packed === FULL_32) {
        entry.packed = Number(view.getBigUint64(value, true));
        value += 8;
      }
      if (entry.offset === FULL_32) entry.offset = Number(view.getBigUint64(value, true));
    }
    extra += 4 + length;
  }
  return entry;
}

/** @param {Blob} zip @param {Entry} entry */
async function contentOf(zip, {method, packed, offset}) {
  const head = new DataView(await zip.slice(offset, offset + 30).arrayBuffer());
  const begin = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const content = zip.slice(begin, begin + packed);
  if (method === 0) return content;
  if (method !== 8) throw new Error('packed in another way');
  return new Response(content.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob();
}
