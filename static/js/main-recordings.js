/** Entry of /recordings/{hearing_id}. */
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {createRecords} from './recordings.js';
import {RecordsApp} from './ui/records-app.js';

const life = new AbortController();
titlePage('title.recordings');
const records = createRecords(life.signal);
render(html`<${RecordsApp} records=${records} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
