// What scripts add to every page. Every journey works without them.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A part of the menu that stands open closes by Escape, and when the focus or a click goes elsewhere.
function closeMenu(event) {
  const open = document.querySelector(".gt-nav details[open]");
  if (!open || (event.key ?? "Escape") !== "Escape" || (event.type !== "keydown" && open.contains(event.target))) return;
  if (event.type === "keydown" && open.contains(document.activeElement)) open.querySelector("summary").focus();
  open.open = false;
}
for (const type of ["keydown", "click", "focusin"]) document.addEventListener(type, closeMenu);

// Filters stand open beside the results on wide screens; the style sheet does it where the browser can.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 54em)").matches) {
  for (const fold of document.querySelectorAll("details.gt-fold")) fold.open = true;
}

// A form that came back refused, and is kept for going back to: by its address, not by sending it a second time.
if (document.querySelector("form[data-kept]")) history.replaceState(history.state, "", location.href);
