// Small enhancements only: every page works without this file.
import { initAll } from "./govuk-frontend.min.js";
import { shrinkPhotos } from "./photos.js";

initAll();
shrinkPhotos(document);

// A fragment that htmx brought in may hold components of its own.
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  if (target instanceof Element) initAll({ scope: target });
});

// "Print this page" does nothing without JavaScript, so it is hidden until now.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copying a link or a seal is one tap; the text stays selectable without it.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    button.textContent = "Copied";
  });
}

// A form that came back after signing in has the address of its own page: reloading must not send the password again.
const cameBack = document.querySelector("[data-address]");
if (cameBack) history.replaceState(null, "", cameBack.dataset.address);
