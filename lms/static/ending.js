// Says some minutes before a session ends by itself that it will, and lets it go on; says when it has ended.
// Without scripts long forms say until when they can be sent. What was typed comes back in either case.

const box = document.getElementById("ending");
const title = document.getElementById("ending-title");
const words = document.getElementById("ending-words");
const stay = document.getElementById("ending-stay");
const leave = document.getElementById("ending-leave");
const close = document.getElementById("ending-close");
const token = document.querySelector("#sign-out [name=csrf_token]").value;
const SAID_BEFORE = 300;
const KEPT = "What you type is not lost: send it as usual, sign in when you are asked to, and it is there again.";
let ends = Date.now() + Number(box.dataset.left) * 1000;
let endsAnyway = Boolean(box.dataset.endsAnyway);
let isSaid = ""; // which of the two announcements somebody has closed
let timer = 0;

function left() {
  return Math.round((ends - Date.now()) / 1000);
}

// How long the server says that it lasts: another tab may have been used. Keeps what is known when there is no answer.
async function ask(method) {
  try {
    const answer = await fetch(box.dataset.url, { method, headers: { "X-CSRFToken": token } });
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const said = isJson ? await answer.json() : { left: 0, ends_anyway: false };
    ends = Date.now() + said.left * 1000;
    endsAnyway = said.ends_anyway;
  } catch {
    // no connection: the next look asks again
  }
}

function show(what, heading, sentences) {
  const text = sentences.join(" ");
  if (title.textContent !== heading) title.textContent = heading;
  if (words.textContent !== text) {
    const paragraph = document.createElement("p");
    paragraph.className = "govuk-body";
    paragraph.textContent = text;
    words.replaceChildren(paragraph);
  }
  stay.hidden = what !== "soon";
  leave.hidden = what === "over";
  close.hidden = what === "soon";
  box.dataset.says = what;
  if (isSaid === what) return;
  if (!box.open) box.showModal();
  if (!box.contains(document.activeElement) || document.activeElement.hidden) (what === "soon" ? stay : close).focus();
}

async function look() {
  clearTimeout(timer);
  if (left() <= SAID_BEFORE) await ask("GET");
  const minutes = Math.ceil(left() / 60);
  const time = minutes === 1 ? "1 minute" : `${minutes} minutes`;
  if (left() > SAID_BEFORE) {
    isSaid = "";
    box.close();
  } else if (left() <= 0) {
    return show("over", "You have been signed out", [KEPT]);
  } else if (endsAnyway) {
    show("anyway", "You’ll be signed out soon", [`It is a long time since you signed in, so you’ll be signed out in ${time}.`, KEPT]);
  } else {
    show("soon", "You’ll be signed out soon", [`Nothing has happened here for a long time, so you’ll be signed out in ${time}.`]);
  }
  timer = setTimeout(look, Math.max(Math.min(left() - SAID_BEFORE, 60), 15) * 1000);
}

async function goOn() {
  await ask("POST");
  look();
}

function heard() {
  isSaid = box.dataset.says;
  box.close();
}

stay.addEventListener("click", goOn);
close.addEventListener("click", heard);
box.addEventListener("cancel", (event) => {
  event.preventDefault(); // Escape says that somebody is here
  if (box.dataset.says === "soon") goOn();
  else heard();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
look();
