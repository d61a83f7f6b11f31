/** Entry of /desk. */
import {createDesk} from './desk.js';
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {DeskApp} from './ui/desk-app.js';

const life = new AbortController();
titlePage('title.desk');
const desk = createDesk(life.signal);
render(html`<${DeskApp} desk=${desk} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
