// The register on a phone: each mark is kept on the phone, sent at once, and sent again until it has arrived.
//
// A mark waits in localStorage, one for each person (a later one replaces it). It goes as the row's controls by their
// names, with a key made here, so that one sent twice counts once. Without this script the form saves all at once.

const form = document.getElementById("register");
const sign = document.getElementById("unsent");
const token = form.querySelector("[name=csrf_token]").value;
const place = `register:${form.dataset.marks}:${form.dataset.who}`;
const NAMES = ["m", "late", "early", "other", "note", "was"];
const WAITS = [2, 5, 10, 20, 30];
let waiting = read();
let busy = false;
let tries = 0;
let timer = 0;
let lastSent = "";
let trouble = "";

function read() {
  try {
    return JSON.parse(localStorage.getItem(place)) || {};
  } catch {
    return {};
  }
}

function keep() {
  try {
    if (Object.keys(waiting).length) localStorage.setItem(place, JSON.stringify(waiting));
    else localStorage.removeItem(place);
  } catch {
    // No room on the phone: the marks stay in this page, which says that they are not sent.
  }
}

function control(id, name) {
  return form.elements[`${name}-${id}`];
}

function values(id) {
  return Object.fromEntries(NAMES.map((name) => [name, control(id, name).value]));
}

function show(id, row) {
  for (const name of NAMES) {
    const found = control(id, name);
    if (name === "m") for (const radio of found) radio.checked = radio.value === row.m;
    else found.value = row[name];
  }
}

function person(id) {
  return document.getElementById(`p${id}`);
}

function say(id, words, kind) {
  const legend = person(id).querySelector("legend");
  legend.querySelector(".js-said")?.remove();
  person(id).classList.toggle("gt-person--unsent", Boolean(words));
  if (!words) return;
  const said = document.createElement("span");
  said.className = "js-said";
  const strong = document.createElement("strong");
  strong.textContent = words;
  if (kind === "refused") said.setAttribute("role", "alert");
  said.append(strong);
  legend.append(" ", said);
}

function tell() {
  const number = Object.keys(waiting).length;
  const isBehind = number > 0 && (tries > 0 || !navigator.onLine || trouble);
  if (!isBehind) {
    if (sign.childElementCount) sign.replaceChildren();
    return;
  }
  const heading = number === 1 ? "1 mark is not sent yet" : `${number} marks are not sent yet`;
  const safe = number === 1 ? "It is safe on this phone and goes by itself" : "They are safe on this phone and go by themselves";
  const last = lastSent ? ` Last sent at ${lastSent}.` : "";
  const more = trouble || `${safe} when the signal is back. Keep this page open.${last}`;
  if (sign.dataset.told === heading + more && sign.childElementCount) return;
  sign.dataset.told = heading + more;
  const card = document.createElement("div");
  card.className = "gt-card gt-card--warn";
  const first = document.createElement("p");
  first.className = "govuk-body govuk-!-margin-bottom-1";
  const strong = document.createElement("strong");
  strong.textContent = heading;
  first.append(strong);
  const second = document.createElement("p");
  second.className = "govuk-body";
  second.textContent = more;
  card.append(first, second);
  sign.replaceChildren(card);
}

function count(tally) {
  for (const each of document.querySelectorAll("[data-tally]")) each.textContent = tally[each.dataset.tally];
  const all = document.getElementById("all");
  if (all) all.hidden = !tally.to_mark;
}

function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function changed(id) {
  const row = values(id);
  if (!row.m && !row.late && !row.early && !row.other) return; // a note alone waits for its mark
  waiting[id] = { key: makeKey(), madeAt: Date.now(), row };
  keep();
  say(id, "Not sent yet");
  tell();
  send();
}

function next() {
  return Object.keys(waiting).sort((a, b) => waiting[a].madeAt - waiting[b].madeAt)[0];
}

async function send() {
  if (busy) return;
  const id = next();
  if (!id) return tell();
  clearTimeout(timer);
  busy = true;
  const mark = waiting[id];
  const answer = await post(id, mark);
  busy = false;
  if (answer === null) return later();
  tries = 0;
  trouble = "";
  lastSent = new Date().toTimeString().slice(0, 5);
  if (waiting[id]?.key === mark.key) settle(id, answer);
  tell();
  send();
}

function settle(id, { ok, said }) {
  delete waiting[id];
  keep();
  if (ok) {
    show(id, { ...said.row, m: said.row.mark });
    say(id, "");
    const isPlain = ["Present", "Absent"].includes(said.words);
    person(id).querySelector(".js-words").textContent = isPlain ? "More" : said.words;
    count(said.tally);
  } else {
    show(id, asSaved(id));
    say(id, said.words, "refused");
  }
}

// Answers null when the mark could not be delivered and has to wait.
async function post(id, mark) {
  let response;
  try {
    response = await fetch(form.dataset.marks, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({
        ...mark.row,
        booking: Number(id),
        key: mark.key,
        age: Math.max(Math.round((Date.now() - mark.madeAt) / 1000), 0),
      }),
    });
  } catch {
    return null;
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (isJson && (response.ok || response.status < 500)) {
    try {
      return { ok: response.ok, said: await response.json() };
    } catch {
      return null;
    }
  }
  if (response.type === "opaqueredirect" || response.status === 400)
    trouble = "You are signed out. Sign in again in another tab, then open the register again: what you marked is kept on this phone.";
  return null;
}

function later() {
  tries += 1;
  tell();
  clearTimeout(timer);
  timer = setTimeout(send, WAITS[Math.min(tries, WAITS.length) - 1] * 1000);
}

function now() {
  clearTimeout(timer);
  send();
}

function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const each of form.querySelectorAll(".gt-person")) {
    const name = each.querySelector("legend").firstChild.textContent.toLowerCase();
    each.hidden = !wanted.every((word) => name.includes(word));
  }
}

// A tap on the choice that is chosen already is no change; the details are sent when their control is left.
form.addEventListener("change", ({ target }) => {
  const row = target.closest(".gt-person");
  if (row) touched(row.dataset.id, target);
});

function touched(id, target) {
  if (target.name === `m-${id}`) {
    control(id, "other").value = "";
    if (target.value !== "present" || control(id, "late").value === asSaved(id).late) control(id, "late").value = "";
    if (target.value === "absent") control(id, "early").value = "";
  } else if (target.name === `other-${id}` && target.value) {
    for (const radio of control(id, "m")) radio.checked = false;
  }
  changed(id);
}

// The controls of the mark that the server has, as the hidden field tells it: present:22:0:a note.
function asSaved(id) {
  const was = control(id, "was").value;
  const [kind = "", late = "0", early = "0", ...note] = was.split(":");
  const isOther = kind === "excused" || kind === "turned_away";
  const m = kind === "present" && late !== "0" ? "late" : kind;
  const minutes = (text) => (text === "0" ? "" : text);
  return { m: isOther ? "" : m, late: minutes(late), early: minutes(early), other: isOther ? kind : "", note: note.join(":"), was };
}

// "Save marks" sends what waits; where something cannot be sent like that, the form goes as it would without us.
form.addEventListener("submit", (event) => {
  if (event.submitter?.id === "all") {
    if (Object.keys(waiting).length === 0) return;
    event.preventDefault();
    tell();
    return now();
  }
  if (!navigator.onLine || Object.keys(waiting).length) {
    event.preventDefault();
    tries = Math.max(tries, navigator.onLine ? 0 : 1);
    tell();
    now();
  }
});

document.getElementById("find").addEventListener("input", (event) => find(event.target.value));
addEventListener("online", now);
addEventListener("pageshow", now);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
addEventListener("offline", tell);
addEventListener("beforeunload", (event) => {
  if (Object.keys(waiting).length) event.preventDefault();
});

for (const [id, mark] of Object.entries(waiting)) {
  if (!person(id)) continue;
  show(id, { ...mark.row, was: control(id, "was").value });
  say(id, "Not sent yet");
}
if (Object.keys(waiting).length) tries = Math.max(tries, navigator.onLine ? 0 : 1);
// On a slow line the choices can be tapped before this script has come: nobody has heard that tap yet.
for (const radio of form.querySelectorAll("[type=radio]:checked")) {
  const { id } = radio.closest(".gt-person").dataset;
  if (!radio.defaultChecked && !waiting[id]) touched(id, radio);
}
tell();
send();
