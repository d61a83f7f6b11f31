/** Checks an exported record on this device: a zip or a folder, chosen or dropped; says per item what is good. */
import {html, useEffect, useSignal} from '../html.js';
import {call} from '../http.js';
import {duration, t, when, word} from '../language.js';
import {fromFiles, fromZip} from '../verify/bundle.js';
import {judge} from '../verify/judge.js';
import {Field} from './fields.js';
import {Head} from './frame.js';

/** @typedef {import('../verify/bundle.js').Bundle} Bundle */
/** @typedef {import('../verify/judge.js').Finding} Finding */
/** @typedef {import('../verify/judge.js').Judgement} Judgement */

/** The page is a file in a record's bundle. */
const isOnDisk = location.protocol === 'file:';

export function VerifyApp() {
  const judgement = useSignal(/** @type {Judgement|null} */ (null));
  const percent = useSignal(/** @type {number|null} */ (null));
  const courtKey = useSignal('');
  const ownKey = useSignal('');
  const kept = useSignal(/** @type {File|null} */ (null));
  useEffect(() => {
    if (isOnDisk) return; // beside a record, without a court
    const told = /** @type {Promise<any>} */ (call('GET', '/api/court-key'));
    told.then((answer) => { ownKey.value = answer.public_key; }, () => undefined);
  }, []);

  /** @param {Promise<Bundle>} opening */
  async function check(opening) {
    percent.value = 0;
    const bundle = await opening.catch(() => fromFiles([]));
    judgement.value = await judge(bundle, {
      courtKey: courtKey.value,
      kept: await kept.value?.text(),
      onProgress: (share) => { percent.value = Math.floor(100 * share); },
    });
    percent.value = null;
  }

  return html`<div class="page desk"><${Head} home=${isOnDisk ? '' : '/'} />
    <main class="desk-main" data-testid="verify">
      ${percent.value !== null && html`<section class="card" role="status"><p>${t('verify.working', {percent: percent.value})}</p>
        <progress max="100" value=${percent.value} aria-label=${t('verify.title')}></progress></section>`}
      ${percent.value === null && !judgement.value && html`<${Choice} check=${check} courtKey=${courtKey} kept=${kept} />`}
      ${percent.value === null && judgement.value && html`<${Verdict} judgement=${judgement.value} ownKey=${ownKey.value} again=${() => { judgement.value = null; }} />`}
    </main></div>`;
}

/**
 * @param {{check: (opening: Promise<Bundle>) => void, courtKey: import('../../vendor/signals.js').Signal<string>,
 *   kept: import('../../vendor/signals.js').Signal<File|null>}} props
 */
function Choice({check, courtKey, kept}) {
  /** @param {DragEvent} event */
  const dropped = (event) => {
    event.preventDefault();
    const entry = event.dataTransfer?.items[0]?.webkitGetAsEntry();
    const file = event.dataTransfer?.files[0];
    if (entry?.isDirectory) check(walked(/** @type {FileSystemDirectoryEntry} */ (entry)).then(fromFiles));
    else if (file) check(fromZip(file));
  };
  return html`<section class="card" onDragOver=${(/** @type {Event} */ event) => event.preventDefault()} onDrop=${dropped}>
    <h1>${t('verify.title')}</h1><p>${t('verify.lead')}</p>
    <div class="pair"><${FileButton} tone="primary" label=${t('verify.zip')} accept=".zip" testid="verify-zip"
      onFiles=${(/** @type {File[]} */ [file]) => { if (file) check(fromZip(file)); }} />
    <${FileButton} label=${t('verify.folder')} testid="verify-folder" isFolder
      onFiles=${(/** @type {File[]} */ files) => check(Promise.resolve(fromFiles(files.map((blob) => ({path: blob.webkitRelativePath, blob})))))} /></div>
    <p class="hint">${t('verify.drop')}</p>
    <div class="verify-kept"><p>${t('verify.kept')}</p><div class="pair"><${FileButton} label=${t('verify.choose_kept')} accept=".json" testid="verify-kept"
      onFiles=${(/** @type {File[]} */ files) => { kept.value = files[0] ?? null; }} />
      <span role="status" class="hint">${kept.value?.name ?? ''}</span></div></div>
    <${Field} label=${t('verify.court_key')} name="court_key" value=${courtKey.value} error=""
      onValue=${(/** @type {string} */ value) => { courtKey.value = value; }} />
  </section>`;
}

/**
 * A button in the page's own words; the browser's would speak the browser's language.
 * @param {{label: string, testid: string, accept?: string, tone?: string, isFolder?: boolean, onFiles: (files: File[]) => void}} props
 */
function FileButton({label, testid, accept = '', tone = '', isFolder = false, onFiles}) {
  return html`<label class="button file-button ${tone}"><span>${label}</span>
    <input type="file" accept=${accept} webkitdirectory=${isFolder} data-testid=${testid}
      onChange=${(/** @type {Event} */ event) => onFiles([.../** @type {HTMLInputElement} */ (event.currentTarget).files ?? []])} /></label>`;
}

/** Every file below a dropped folder. @param {FileSystemDirectoryEntry} folder @returns {Promise<{path: string, blob: Blob}[]>} */
async function walked(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((done, failed) => { reader.readEntries(done, failed); });
    if (entries.length === 0) return found;
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...await walked(entry));
      else found.push({path: entry.fullPath.slice(1), blob: await new Promise((done, failed) => { entry.file(done, failed); })});
    }
  }
}

/** @param {{judgement: Judgement, ownKey: string, again: () => void}} props */
function Verdict({judgement, ownKey, again}) {
  const {findings, exit, why, isSealed, isCopy, courtKey, log} = judgement;
  const isKeyKnown = findings.some(({file}) => file === 'court key');
  const gone = findings.filter(({state}) => state === 'destroyed').length;
  const worstFirst = [...findings].sort((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
  return html`<section class="card" data-testid="verdict" data-exit=${exit}>
      <h1>${t(`verify.exit_${exit}`)}</h1>
      ${why && html`<p>${t(whyWord(why))}</p>`}
      ${isSealed && exit === 0 && log && html`<p>${t('verify.proved', {entries: log.last, checkpoints: log.checkpoints})}</p>`}
      ${gone > 0 && html`<p class="notice" data-testid="gone">${t('verify.gone', {count: gone})}</p>`}
      ${!isSealed && exit !== 3 && html`<p class="notice">${t('verify.bare')}</p>`}
      ${isCopy && html`<p class="notice" data-testid="is-copy">${t('verify.copy_lead')}</p><p class="hint">${t('verify.copy_unproved')}</p>`}
      ${isSealed && html`<p class="hint">${t('verify.assertion')}</p>`}
      ${isSealed && courtKey && !isKeyKnown && html`<p class="hint hash" data-testid="whose-key">
        ${courtKey === ownKey ? t('verify.own_key') : t('verify.whose_key', {key: courtKey})}</p>`}
      <button type="button" class="button" data-testid="btn-again" onClick=${again}>${t('verify.again')}</button>
    </section>
    ${findings.length > 0 && html`<section class="card"><ul class="rows">${worstFirst.map((finding) => html`<${Item} key=${finding.file} finding=${finding} />`)}</ul></section>`}`;
}

/** @type {Record<string, import('../language.js').Word>} */
const ITEMS = {'court key': 'verify.item_court', gaps: 'verify.item_gaps', 'kept checkpoints': 'verify.item_kept'};

/** Of items that are counted. @type {Record<string, import('../language.js').Word>} */
const NUMBERED = {countersignature: 'verify.item_countersignature', order: 'verify.item_order', destruction: 'verify.item_destruction', redaction: 'verify.item_redaction'};

/** @param {{finding: Finding}} props */
function Item({finding}) {
  const {file, state, firstBadS, entry, why, who, at, reason = '', years = 0, order, copy, redaction} = finding;
  const [, kind = '', number = ''] = /^(\w+) (\d+)$/.exec(file) ?? [];
  const item = ITEMS[file] ?? NUMBERED[kind];
  /** @type {Record<string, string>} */
  const fields = order ?? redaction ? orderFields(order ?? redaction) : copy ? copyFields(copy) : {who: who ? `${word('role', who.role)} ${who.name}`.trim() : '', at: at ? when(at) : '', reason, years: String(years)};
  const told = [
    firstBadS !== null && firstBadS !== undefined ? t('verify.at_second', {at: duration(firstBadS)}) : '',
    entry ? t('verify.at_entry', {entry}) : '',
    why ? t(whyWord(why), fields) : '',
  ].filter(Boolean);
  return html`<li class="row" data-testid="finding" data-state=${state} data-item=${file}>
    <span class="row-main">${item ? t(item, {number}) : html`<code>${file}</code>`}<span class="hint">${told.join(t('list.comma'))}</span></span>
    <span class="chip ${state === 'ok' ? 'done' : state === 'destroyed' ? '' : 'live'}">${t(`verify.state.${state}`)}</span></li>`;
}

/** What an order or a redaction says, in words. @param {any} order @returns {Record<string, string>} */
function orderFields({began_at: began, ended_at: ended, at, of, reason}) {
  const told = (/** @type {string|null} */ time) => (time ? when(time, {timeStyle: 'medium'}) : '');
  return {began: told(began), ended: told(ended), at: at ? when(at) : '', of: String(of ?? ''), reason};
}

/** What a redacted copy is, in words. @param {any} copy @returns {Record<string, string>} */
const copyFields = ({number, made_at: at, source}) => ({number: String(number), at: when(at), seal: source.seal});

/** @param {string} why */
const whyWord = (why) => /** @type {import('../language.js').Word} */ (`verify.why.${why}`);
