/** Entry of /gallery. */
import {hearingInAddress, visitGallery} from './gallery.js';
import {html, render} from './html.js';
import {titlePage} from './language.js';
import {GalleryApp} from './ui/gallery-app.js';

const life = new AbortController();
addEventListener('pagehide', (event) => event.persisted || life.abort(), {signal: life.signal});
titlePage('title.gallery');
const gallery = visitGallery(hearingInAddress(), life.signal);
render(html`<${GalleryApp} gallery=${gallery} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
