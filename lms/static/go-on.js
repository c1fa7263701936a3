// Sends the form of a page on which nothing is left to decide. Without scripts its button does.
const form = document.querySelector("form[data-go-on]");
if (form) form.requestSubmit();
