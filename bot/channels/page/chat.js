// The chat page: what the visitor types goes out over one WebSocket, numbered events come back and are shown once.
// After a lost connection it resumes after the last event it saw; words that were not confirmed are sent again under
// the same id, which the front door answers once.
import { say, show, mark } from "./show.js";
import { remember, recall, forget } from "./memory.js";

const LIMIT = 2000;
const CONFIRM_MS = 15000;
const at = (id) => document.getElementById(id);
const page = { log: at("log"), messages: at("messages"), words: at("words"), send: at("send"), typing: at("typing") };

let visit = null; // {conversation, token}
let socket = null;
let seen = 0; // number of the last event shown
let tries = 0;
let control = "bot";
let agentName = "";
let unconfirmed = new Map(); // id → text, in the order of sending

async function open() {
  connection("wait", "正在连接…");
  try {
    visit ??= recall("visit") ?? await begin();
  } catch {
    return later();
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const path = `/channels/web/conversations/${encodeURIComponent(visit.conversation)}/events?after=${seen}`;
  const opening = new WebSocket(`${scheme}://${location.host}${path}`, ["lamplighter", visit.token]);
  socket = opening;
  let opened = false;
  opening.onopen = () => { opened = true; tries = 0; connection("on"); resend(); };
  opening.onmessage = (message) => hear(JSON.parse(message.data));
  opening.onclose = async () => {
    if (socket !== opening) return;
    socket = null;
    typing(false);
    if (!opened && await refused()) return;
    later();
  };
}

async function begin() {
  const answer = await fetch("/channels/web/visitors", { method: "POST" });
  if (!answer.ok) throw new Error(String(answer.status));
  const begun = await answer.json();
  remember("visit", begun);
  return begun;
}

/** A socket that never opened: is the door away, or is our token no longer good? */
async function refused() {
  try {
    const path = `/channels/web/conversations/${encodeURIComponent(visit.conversation)}/pass`;
    const answer = await fetch(path, { headers: { Authorization: `Bearer ${visit.token}` } });
    if (answer.status !== 401) return false;
  } catch {
    return false;
  }
  await anew();
  return true;
}

function later() {
  tries += 1;
  connection("off", "连接已断开，正在重连…");
  const wait = Math.min(500 * 2 ** Math.min(tries - 1, 5), 10000) * (0.75 + Math.random() / 2);
  setTimeout(open, wait);
}

function hear(event) {
  if (event.type === "typing") return typing(event.on);
  if (event.type === "control") return takeControl(event.control);
  if (event.type === "error") return fail(event);
  if (event.event <= seen) return;
  seen = event.event;
  if (event.type === "customer") unconfirmed.delete(event.id);
  if (event.type === "agent") { agentName = event.name || ""; takeControl("agent"); }
  if (event.type !== "customer") typing(false);
  at("welcome").hidden = true;
  following(() => show(page.messages, event, choose));
  store();
}

function submit(text) {
  const words = text.trim();
  if (!words || words.length > LIMIT) return;
  const id = `m-${crypto.randomUUID?.() ?? Date.now().toString(36) + Math.random().toString(36).slice(2)}`;
  unconfirmed.set(id, words);
  at("welcome").hidden = true;
  at("trouble").hidden = true;
  page.messages.querySelectorAll(".choices").forEach((choices) => choices.remove());
  say(page.messages, id, words);
  bottom();
  store();
  send(id, words);
}

function send(id, text) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "message", id, text }));
  setTimeout(() => { if (unconfirmed.has(id)) mark(page.messages, id, "还没有送达，恢复连接后会自动重发"); }, CONFIRM_MS);
}

function resend() {
  for (const [id, text] of unconfirmed) {
    if (!page.messages.querySelector(`[data-id="customer/${CSS.escape(id)}"]`)) say(page.messages, id, text);
    send(id, text);
  }
}

function fail(event) {
  const trouble = at("trouble");
  trouble.textContent = event.detail;
  trouble.hidden = false;
  typing(false);
  const text = unconfirmed.get(event.id);
  if (text === undefined) return;
  unconfirmed.delete(event.id);
  store();
  mark(page.messages, event.id, "未发送", () => { trouble.hidden = true; unconfirmed.set(event.id, text); send(event.id, text); });
}

function choose(payload) { submit(payload); page.words.focus(); }

function takeControl(now) {
  control = now;
  const person = now === "agent" || now === "wrap_up";
  at("speaker").textContent = person ? `人工坐席${agentName ? ` ${agentName}` : ""}` : "智能客服";
  at("face").classList.toggle("agent", person);
  at("face").querySelector("use").setAttribute("href", person ? "#i-person" : "#i-robot");
  at("human").hidden = now !== "bot" && now !== "closed";
  const notice = at("machine");
  notice.classList.toggle("person", person);
  notice.querySelector("use").setAttribute("href", person ? "#i-person" : "#i-robot");
  notice.querySelector("span").innerHTML = at(person ? "words-person" : now === "waiting" ? "words-waiting" : "words-machine").innerHTML;
  if (socket?.readyState === WebSocket.OPEN) connection("on");
}

function connection(state, text) {
  at("dot").className = `dot ${state === "wait" ? "" : state}`;
  const standing = { agent: "人工服务中", wrap_up: "人工服务中", waiting: "已转人工，请稍候" }[control] ?? "在线";
  at("state-text").textContent = text ?? standing;
  at("always").hidden = Boolean(text) || standing !== "在线";
}

function typing(on) {
  following(() => { page.typing.hidden = !on; });
}

/** Make a change and stay at the end of the log if we were there. */
function following(change) {
  const atEnd = page.log.scrollHeight - page.log.scrollTop - page.log.clientHeight < 90;
  change();
  if (atEnd) bottom(); else at("newer").hidden = false;
}
function bottom() { page.log.scrollTop = page.log.scrollHeight; at("newer").hidden = true; }

function store() { remember("unsent", [...unconfirmed]); }

async function anew() {
  forget("visit");
  visit = null; seen = 0; agentName = "";
  const closing = socket;
  socket = null;
  closing?.close();
  page.messages.replaceChildren();
  at("welcome").hidden = unconfirmed.size > 0;
  takeControl("bot");
  await open();
}

function count() {
  const length = page.words.value.trim().length;
  const counter = at("count");
  counter.textContent = length > LIMIT * 0.9 ? `${length} / ${LIMIT}` : "";
  counter.classList.toggle("over", length > LIMIT);
  page.send.disabled = length === 0 || length > LIMIT;
  page.words.style.height = "auto";
  page.words.style.height = `${page.words.scrollHeight + 2}px`;
}

function toggle(button, name, root) {
  const set = (on) => { root.classList.toggle(name, on); button.setAttribute("aria-pressed", String(on)); remember(name, on); };
  set(recall(name) === true);
  button.addEventListener("click", () => { set(button.getAttribute("aria-pressed") !== "true"); bottom(); });
}

at("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  if (page.send.disabled) return;
  submit(page.words.value);
  page.words.value = "";
  count();
  page.words.focus();
});
page.words.addEventListener("input", count);
page.words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); at("compose").requestSubmit(); }
});
document.addEventListener("click", (event) => {
  const words = event.target.closest("[data-say]")?.dataset.say;
  if (words) choose(words);
});
at("human").addEventListener("click", () => choose("转人工"));
at("anew").addEventListener("click", () => { unconfirmed = new Map(); store(); anew(); });
at("newer").addEventListener("click", bottom);
page.log.addEventListener("scroll", () => {
  if (page.log.scrollHeight - page.log.scrollTop - page.log.clientHeight < 90) at("newer").hidden = true;
});
addEventListener("online", () => { if (!socket) open(); });
toggle(at("large"), "large", document.documentElement);
toggle(at("sources"), "sources", page.log);
unconfirmed = new Map(recall("unsent") ?? []);
count();
open();
