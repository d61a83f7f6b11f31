/** Entry of /verify. */
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {VerifyApp} from './ui/verify-app.js';

titlePage('title.verify');
render(html`<${VerifyApp} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
