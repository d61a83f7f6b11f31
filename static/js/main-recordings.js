/** Entry of /recordings and /recordings/{hearing_id}. A hearing after the hash, `/recordings#h_...`, leads there too. */
import {createArchive} from './archive.js';
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {createRecords} from './recordings.js';
import {ArchiveApp} from './ui/archive-app.js';
import {RecordsApp} from './ui/records-app.js';

const life = new AbortController();
const page = /** @type {HTMLElement} */ (document.getElementById('app'));
const named = location.pathname.split('/').filter(Boolean)[1];

/** A hearing named after the hash has a page of its own. */
function follow() {
  const wanted = location.hash.slice(1);
  if (/^h_\w+$/.test(wanted)) location.replace(`/recordings/${wanted}`);
}

if (named) {
  titlePage('title.recordings');
  render(html`<${RecordsApp} records=${createRecords(decodeURIComponent(named), life.signal)} />`, page);
} else {
  follow();
  addEventListener('hashchange', follow, {signal: life.signal});
  titlePage('title.archive');
  render(html`<${ArchiveApp} archive=${createArchive(life.signal)} />`, page);
}
