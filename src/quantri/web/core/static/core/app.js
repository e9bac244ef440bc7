// Comfort only: every page works without this file.

// A choice in a filter sends it at once; its button goes.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelector("[data-go]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
}

// Shapes of a chart lead where the table beside it leads.
document.addEventListener("click", (event) => {
  const shape = event.target.closest("svg [data-href]");
  if (shape) location.assign(shape.dataset.href);
});

// A slider and its number field say the same.
document.addEventListener("input", (event) => {
  const twin = event.target.dataset.twin && document.getElementById(event.target.dataset.twin);
  if (!twin) return;
  const comma = document.documentElement.lang === "vi";
  const value = event.target.value;
  twin.value = twin.type === "range" ? value.replace(",", ".") : comma ? value.replace(".", ",") : value;
});

// Leaving a page with typed but unsaved text asks first.
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-keep]")) unsaved = true;
});
document.addEventListener("submit", () => (unsaved = false));
window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());

// A second press of a button that already sends does no harm.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.method === "post") setTimeout(() => (button.disabled = true));
  setTimeout(() => button && (button.disabled = false), 4000);
});

// On a narrow screen tabs stand in one row; the one that is open comes into view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest("ul");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
