/* The page is whole without this file; with it, entries come and go while it is open. */

const entries = document.querySelector('#entries');
const template = document.querySelector('#entry-template');
const statusLine = document.querySelector('#status');
const signForm = document.querySelector('#sign');

const RECONNECT_AFTER_HIDDEN_MS = 30_000;
const PAGE = 50;

/* Entries. Text from others goes through textContent and attributes only, never through markup. */

function hueOf(name) {
  return Array.from(name).reduce((sum, character) => sum + character.codePointAt(0), 0) % 6;
}

function initialOf(name) {
  const [first = ''] = name;
  return /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(first) ? first.toUpperCase() : '✎';
}

/** A keyboard scrolls only what it can reach. */
function mayScroll(message) {
  return message.split('\n').length + message.length / 15 > 20;
}

function makeReachable(area, name) {
  area.tabIndex = 0;
  area.setAttribute('role', 'group');
  area.setAttribute('aria-label', `Message by ${name}`);
}

function itemFor(entry) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.id = entry.id;
  const monogram = item.querySelector('.monogram');
  monogram.className = `monogram hue-${hueOf(entry.name)}`;
  monogram.textContent = initialOf(entry.name);
  item.querySelector('.name').textContent = entry.name;
  item.querySelector('.text').textContent = entry.message;
  if (mayScroll(entry.message)) makeReachable(item.querySelector('.message'), entry.name);
  item.querySelector('time').dateTime = entry.createdAt;
  item.querySelector('[data-remove]').action = `/entries/${entry.id}/delete`;
  item.querySelector('button').setAttribute('aria-label', `Remove the entry by ${entry.name}`);
  localise(item);
  return item;
}

/** Ids grow with time, so their order is the order of the list; an entry that is there already stays. */
function show(entry, { isNew = true } = {}) {
  const known = document.getElementById(entry.id);
  if (known) return known;
  const item = itemFor(entry);
  if (isNew) item.classList.add('arrived');
  const next = Array.from(entries.children).find((other) => other.id < entry.id);
  entries.insertBefore(item, next ?? null);
  return item;
}

function vanish(id) {
  const item = document.getElementById(id);
  if (!item?.matches('[data-entry]')) return;
  item.classList.add('leaving');
  setTimeout(() => item.remove(), 250);
}

function say(text) {
  statusLine.textContent = text;
}

/** Times in the reader's own zone and words; the exact one on hover. */
function localise(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  for (const time of root.querySelectorAll('time[datetime]')) {
    if (!time.dateTime) continue;
    time.title = time.dateTime;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

/* Live updates */

let stream = null;
let hiddenTimer = null;

function connect() {
  const newest = entries.firstElementChild?.id ?? '';
  stream = new EventSource(`/entries/stream?since=${encodeURIComponent(newest)}`);
  let isFirst = true;
  stream.addEventListener('open', () => {
    if (!isFirst) void reconcile();
    isFirst = false;
  });
  stream.addEventListener('entry.created', ({ data }) => arrive(JSON.parse(data)));
  stream.addEventListener('entry.deleted', ({ data }) => vanish(JSON.parse(data).id));
  stream.addEventListener('refresh', () => void reconcile());
}

function arrive(entry) {
  if (entries.dataset.live !== 'all' || document.getElementById(entry.id)) return;
  show(entry);
  say(`New entry by ${entry.name}`);
}

/** After a gap: the newest again, to add what came and take away what went. What is older is on the next page. */
async function reconcile() {
  if (entries.dataset.live !== 'all') return;
  // What arrives while the list is on its way is newer than the list, and no reason to take it away.
  const before = new Set(Array.from(entries.children, ({ id }) => id));
  const response = await fetch(`/entries?limit=${PAGE}`).catch(() => null);
  if (!response?.ok) return;
  const { data, nextCursor } = await response.json();
  const present = new Set(data.map(({ id }) => id));
  const oldest = nextCursor === null ? '' : data.at(-1).id;
  const lastShown = entries.lastElementChild?.id ?? '';
  for (const item of Array.from(entries.children)) {
    if (before.has(item.id) && item.id >= oldest && !present.has(item.id)) vanish(item.id);
  }
  for (const entry of data) if (entry.id > lastShown) show(entry);
}

function disconnect() {
  stream?.close();
  stream = null;
}

/** A browser opens few connections to one host: pages that nobody sees give theirs back. */
function followVisibility() {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(disconnect, RECONNECT_AFTER_HIDDEN_MS);
  } else if (stream === null) {
    connect();
    void reconcile();
  }
}

/* Signing and removing without leaving the page */

async function sign(event) {
  event.preventDefault();
  const button = signForm.querySelector('button');
  button.disabled = true;
  try {
    const response = await fetch('/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(signForm))),
    });
    const body = await response.json();
    if (response.ok) signed(body);
    else showErrors(body);
  } catch {
    say('The guestbook could not be reached. Your text is still here; please try again.');
  } finally {
    button.disabled = false;
  }
}

function signed(entry) {
  if (entries.dataset.live !== 'all') {
    location.assign(`/?signed=${entry.id}#${entry.id}`);
    return;
  }
  showErrors({ errors: [] });
  signForm.querySelector('#message').value = '';
  count();
  for (const item of entries.querySelectorAll('.own')) item.classList.remove('own');
  const item = show(entry);
  item.classList.add('own');
  item.scrollIntoView({ block: 'nearest' });
  say('Thank you! Your entry is in the book.');
}

function showErrors({ errors = [], detail }) {
  const wrong = new Map(errors.map(({ field, message }) => [field, message]));
  for (const field of ['name', 'message']) {
    const input = signForm.querySelector(`#${field}`);
    const message = wrong.get(field) ?? '';
    signForm.querySelector(`#${field}-error`).textContent = message;
    input.toggleAttribute('aria-invalid', message !== '');
    if (message !== '') input.setAttribute('aria-invalid', 'true');
  }
  signForm.querySelector('[aria-invalid]')?.focus();
  if (wrong.size === 0 && detail) say(detail);
}

async function remove(event) {
  const form = event.target.closest('form[data-remove]');
  if (!form) return;
  event.preventDefault();
  const item = form.closest('[data-entry]');
  const response = await fetch(`/entries/${item.id}`, { method: 'DELETE' }).catch(() => null);
  if (response === null || !(response.ok || response.status === 404)) {
    say('The entry could not be removed; please try again.');
    return;
  }
  const next = item.nextElementSibling ?? item.previousElementSibling;
  vanish(item.id);
  (next?.querySelector('button') ?? signForm.querySelector('#name')).focus();
  say('The entry was removed.');
}

function count() {
  const hint = document.querySelector('#message-count');
  const max = Number(hint.dataset.max);
  const length = Array.from(signForm.querySelector('#message').value.trim()).length;
  hint.textContent = length === 0 ? '' : `${length.toLocaleString()} of ${max.toLocaleString()} characters`;
  hint.classList.toggle('over', length > max);
}

/* The webhooks page */

function offerCopy(button) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener('click', () => void copy(source, button));
}

/** Only what is in the clipboard is called copied: browsers have none for plain HTTP, and may refuse it. */
async function copy(source, button) {
  try {
    await navigator.clipboard.writeText(source.value);
    button.textContent = 'Copied';
  } catch {
    source.focus();
    source.select();
    button.textContent = 'Selected, press Ctrl+C';
  }
}

localise(document);
for (const button of document.querySelectorAll('[data-copy]')) offerCopy(button);
if (signForm) {
  signForm.noValidate = true;
  signForm.addEventListener('submit', (event) => void sign(event));
  signForm.addEventListener('input', count);
  entries.addEventListener('submit', (event) => void remove(event));
  document.addEventListener('visibilitychange', followVisibility);
  // A page that waits in the history must not hold a connection; when it comes back it connects anew.
  addEventListener('pagehide', disconnect);
  addEventListener('pageshow', followVisibility);
  count();
}
