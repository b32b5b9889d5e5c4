/* The page is whole without this file; with it, the list of messages stays up to date by itself. */

const REFRESH_PAUSE_MS = 250;
const isFirstPage = !new URLSearchParams(location.search).has('cursor');

let isStale = false;
let isRefreshing = false;
let stream = null;

/** One request at a time, and however many changes come meanwhile, one more after it. */
async function refresh() {
  isStale = true;
  if (isRefreshing) return;
  isRefreshing = true;
  while (isStale) {
    isStale = false;
    await replaceMessages().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, REFRESH_PAUSE_MS));
  }
  isRefreshing = false;
}

async function replaceMessages() {
  const response = await fetch('/inbox/live');
  if (!response.ok) return;
  // The server escaped everything in it; parsed this way, nothing in it could run in any case.
  const fresh = new DOMParser()
    .parseFromString(await response.text(), 'text/html')
    .querySelector('#messages');
  const current = document.querySelector('#messages');
  if (!fresh || current.outerHTML === fresh.outerHTML) return;
  for (const open of current.querySelectorAll('details[open]')) {
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute('open', '');
  }
  const focused = document.activeElement?.closest('details')?.id;
  localise(fresh);
  current.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.querySelector('summary').focus();
}

function localise(root) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  for (const time of root.querySelectorAll('time[datetime]')) {
    time.title = time.dateTime;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

function follow() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (stream === null) {
    stream = new EventSource('/inbox/stream');
    stream.addEventListener('open', () => void refresh());
    stream.addEventListener('changed', () => void refresh());
  }
}

function leave() {
  stream?.close();
  stream = null;
}

/* Only the fields that the chosen behaviour uses. */

const FIELDS_OF = {
  off: [],
  status: ['status', 'retryAfterSeconds', 'requests'],
  delay: ['delayMs', 'requests'],
};

function showFields() {
  const used = FIELDS_OF[document.querySelector('#mode').value] ?? ['requests'];
  for (const name of ['status', 'retryAfterSeconds', 'delayMs', 'requests']) {
    document.getElementById(name).closest('.field').hidden = !used.includes(name);
  }
}

localise(document);
showFields();
document.querySelector('#mode').addEventListener('change', showFields);
if (isFirstPage) {
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', follow);
}
