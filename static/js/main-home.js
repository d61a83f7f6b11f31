/** Entry of /. */
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {HomeApp} from './ui/home-app.js';

titlePage('title.home');
render(html`<${HomeApp} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
