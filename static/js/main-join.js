/** Entry of /join: builds the parts and shows them. The only file of this page with effects on import. */
import {attendHearing} from './hearing.js';
import {listenForKeys} from './hotkeys.js';
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {JoinApp} from './ui/join-app.js';

const life = new AbortController();
addEventListener('pagehide', (event) => event.persisted || life.abort(), {signal: life.signal});
titlePage('title.join');
listenForKeys(life.signal);
const court = attendHearing(life.signal);
render(html`<${JoinApp} court=${court} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
