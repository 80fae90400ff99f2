// Around htmx in a listing: what a swap would lose, and a fresh field for an old address.
// Without this file the same pages work by links and by the form's button.
(() => {
  "use strict";
  const open = new Set();
  const fields = ["q", "from", "to"];

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    event.detail.target.querySelectorAll("details[id]").forEach((one) => {
      one.open ? open.add(one.id) : open.delete(one.id);
    });
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    document.querySelectorAll("#facets details[id]").forEach((one) => { one.open = open.has(one.id); });
  });

  // A link has changed the search: the text and day fields, which no swap touches, follow the address.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const asked = new URLSearchParams(location.search);
    fields.forEach((name) => {
      const field = document.getElementById(name);
      if (field && field !== document.activeElement) field.value = asked.get(name) || "";
    });
  });

  // What had the focus may be gone with the old results; without it a keyboard would begin at the top of the page.
  let isHeld = false;
  const focused = () => document.activeElement && document.activeElement !== document.body;
  document.addEventListener("htmx:beforeRequest", () => { isHeld = focused(); });
  document.addEventListener("htmx:afterSettle", () => {
    const results = document.getElementById("results");
    if (isHeld && !focused() && results) results.focus({ preventScroll: true });
  });

  // No empty parameters in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const sent = event.detail.formData;
    for (const name of new Set(sent.keys())) {
      const kept = sent.getAll(name).filter((value) => value !== "");
      sent.delete(name);
      kept.forEach((value) => sent.append(name, value));
    }
  });
})();
