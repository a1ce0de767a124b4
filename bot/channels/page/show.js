// Puts one event of the conversation on the page. Text is set as text, never as HTML.
const CLOCK = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const FACES = { bot: "#i-robot", agent: "#i-person" };

/** The visitor's words at once, before the front door has confirmed them. */
export function say(list, id, text) {
  const item = customer(id, text, new Date());
  item.classList.add("pending", "fresh");
  fate(item, "发送中…");
  list.append(item);
}

/** An event from the front door; `choose(payload)` is called when a button of it is pressed. */
export function show(list, event, choose) {
  const waiting = find(list, `${event.type}/${event.id}`);
  if (event.type === "customer") {
    const item = customer(event.id, event.text, new Date(event.at));
    // Confirmed words move to their numbered place, so every page shows the same order.
    waiting?.remove();
    const firstPending = list.querySelector(".pending");
    list.insertBefore(item, firstPending);
    fate(item, CLOCK.format(new Date(event.at)));
    return;
  }
  const item = speaker(list, event);
  list.querySelectorAll(".choices").forEach((old) => old.remove());
  choices(item, event.buttons, choose);
  list.insertBefore(item, list.querySelector(".pending"));
}

/** A word about what became of the visitor's message `id`; `again` offers to send it once more. */
export function mark(list, id, text, again) {
  const item = find(list, `customer/${id}`);
  if (!item) return;
  item.classList.toggle("failed", Boolean(again));
  fate(item, text);
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "重新发送";
  button.addEventListener("click", () => { item.classList.remove("failed"); fate(item, "发送中…"); again(); });
  item.querySelector(".fate").append(" · ", button);
}

function customer(id, text, when) {
  const item = element("li", "turn customer");
  item.dataset.id = `customer/${id}`;
  item.append(element("span", "unseen", "我说："), element("div", "bubble", text), element("div", "fate", CLOCK.format(when)));
  return item;
}

function speaker(list, event) {
  const item = element("li", `turn ${event.type} fresh`);
  item.dataset.id = `${event.type}/${event.id}`;
  const name = event.type === "agent" ? `人工坐席${event.name ? ` ${event.name}` : ""}` : "智能客服";
  item.dataset.by = name;
  const before = [...list.children].filter((other) => !other.classList.contains("pending")).at(-1);
  if (before?.dataset.by === name) item.classList.add("follows");
  const by = element("div", "by");
  by.append(element("b", "", name), ` · ${CLOCK.format(new Date(event.at))}`);
  const bubble = element("div", "bubble", event.text);
  item.append(face(event.type), by, bubble);
  if (event.talk_track) {
    const source = `${event.talk_track}@${event.version}`;
    bubble.title = `话术 ${source}`;
    const line = element("div", "source");
    line.append(icon("#i-seal"), `话术 ${source}`);
    item.append(line);
  }
  return item;
}

/** The buttons of the last words spoken, as quick replies. */
function choices(item, buttons, choose) {
  if (!buttons?.length) return;
  const row = element("div", "choices");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "快捷回复");
  for (const { title, payload } of buttons) {
    const button = element("button", "", title);
    button.type = "button";
    button.addEventListener("click", () => choose(payload));
    row.append(button);
  }
  item.append(row);
}

function face(type) {
  const span = element("span", `face small ${type === "agent" ? "agent" : ""}`);
  span.setAttribute("aria-hidden", "true");
  span.append(icon(FACES[type]));
  return span;
}

function icon(href) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", href);
  svg.append(use);
  return svg;
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

function fate(item, text) { item.querySelector(".fate").textContent = text; }
function find(list, id) { return list.querySelector(`[data-id="${CSS.escape(id)}"]`); }
