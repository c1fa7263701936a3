// Writing a briefing: a toolbar over each part, and its length and likely details while somebody types.
// Without this script the same signs are typed by hand, and length and details stand on the page after each save.

const form = document.getElementById("briefing");
const box = document.getElementById("measure");
const TOOLS = [
  ["Bold", (words) => `**${words || "bold"}**`],
  ["Emphasis", (words) => `*${words || "emphasis"}*`],
  ["List", (words) => lines(words, () => "* ")],
  ["Numbered list", (words) => lines(words, (number) => `${number + 1}. `)],
  ["Link", (words) => `[${words || "words"}](https://)`],
];

function lines(words, sign) {
  return (words || "one").split("\n").map((line, number) => sign(number) + line).join("\n");
}

function use(area, change) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const made = change(value.slice(start, end));
  area.focus();
  // insertText keeps the browser's own undo; where it does not work the text is set
  if (!document.execCommand("insertText", false, made)) area.setRangeText(made, start, end, "select");
  area.setSelectionRange(start, start + made.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const area of form.querySelectorAll("textarea[data-markdown]")) {
  const bar = document.createElement("div");
  bar.className = "gt-toolbar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `Text of ${area.closest("fieldset").querySelector("legend").textContent.trim()}`);
  for (const [name, change] of TOOLS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "gt-toolbar__button";
    button.textContent = name;
    button.addEventListener("click", () => use(area, change));
    bar.append(button);
  }
  area.before(bar);
}

let timer = 0;
let asked = 0;

async function measure() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.measure, { method: "POST", body: new FormData(form) });
    const words = await answer.text();
    if (answer.ok && mine === asked) box.innerHTML = words;
  } catch {
    // no connection: the page after the next save says it
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(measure, 700);
});
