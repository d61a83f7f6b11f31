/** Where live media are shown: its element carries the media connection of now as `courtPeer`, for figures and tests. */
import {html, useLayoutEffect, useRef} from '../html.js';

/** @param {{court: import('../hearing.js').Court, testid: string, name: string, children?: import('../html.js').Children}} props */
export function PeerPlace({court, testid, name, children}) {
  const element = useRef(/** @type {HTMLElement|null} */ (null));
  useLayoutEffect(() => {
    if (element.current) {
      Object.defineProperty(element.current, 'courtPeer', {get: court.connection, configurable: true});
    }
  }, []);
  return html`<main class=${name} data-testid=${testid} ref=${element}>${children}</main>`;
}
