/** Small changes to what browsers say about sound. Pure text work (RFC 8866, RFC 7587). */

/**
 * Opus with in-band repair and silence left out, and lost sound may be asked for again, so that the record is whole.
 * @param {string} sdp
 */
export function tunedForSpeech(sdp) {
  const lines = sdp.split('\r\n');
  const numbers = lines.map((line) => /^a=rtpmap:(\d+) opus\//i.exec(line)?.[1]).filter((number) => number !== undefined);
  return [...new Set(numbers)].reduce(tuneOpus, lines).join('\r\n');
}

/** @param {string[]} lines @param {string} number the payload type @returns {string[]} */
function tuneOpus(lines, number) {
  return splitMedia(lines).flatMap((part) => {
    const at = part.findIndex((line) => line.startsWith(`a=rtpmap:${number} opus/`));
    if (at < 0) return part;
    const nack = `a=rtcp-fb:${number} nack`;
    const tuned = part.map((line) => (line.startsWith(`a=fmtp:${number} `) ? withParameters(line) : line));
    if (!tuned.includes(nack)) tuned.splice(at + 1, 0, nack);
    return tuned;
  });
}

/** @param {string} line an fmtp line */
function withParameters(line) {
  return ['useinbandfec=1', 'usedtx=1'].reduce((all, wanted) => {
    const [name] = wanted.split('=');
    return new RegExp(`[ ;]${name}=`).test(all) ? all : `${all};${wanted}`;
  }, line);
}

/** The lines before the first medium, then each medium's. @param {string[]} lines */
function splitMedia(lines) {
  /** @type {string[][]} */
  const parts = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
}
