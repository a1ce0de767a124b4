// What the page remembers across reloads; a browser that forbids storage just forgets.
const NAME = "lamplighter.";

export function remember(key, value) {
  try { localStorage.setItem(NAME + key, JSON.stringify(value)); } catch { /* private mode: nothing is kept */ }
}

export function recall(key) {
  try { return JSON.parse(localStorage.getItem(NAME + key)); } catch { return null; }
}

export function forget(key) {
  try { localStorage.removeItem(NAME + key); } catch { /* private mode */ }
}
