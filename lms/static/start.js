// What scripts add to every page. Every journey works without them.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Filters stand open beside the results on wide screens; the style sheet does it where the browser can.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 54em)").matches) {
  for (const fold of document.querySelectorAll("details.gt-fold")) fold.open = true;
}
