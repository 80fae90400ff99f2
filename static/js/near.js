// "Near me": asks the browser where it is, rounds that to about a kilometre, and asks the programme for what is there.
// The button stays hidden where this file is not run or the browser cannot tell; a city can be chosen instead.
(() => {
  "use strict";
  const rounded = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);

  function go(button, change) {
    const asked = new URLSearchParams(location.pathname === button.dataset.path ? location.search : "");
    ["after", "before"].forEach((name) => asked.delete(name));
    change(asked);
    location.assign(`${button.dataset.path}?${asked}`);
  }

  function ask(button) {
    const said = document.getElementById("near-said");
    said.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => go(button, (asked) => {
        asked.delete("city");
        // What leaves this browser says no more than that.
        asked.set("near", `${rounded(coords.latitude)},${rounded(coords.longitude)}`);
      }),
      () => { said.textContent = button.dataset.denied; },
      { enableHighAccuracy: false, maximumAge: 600000, timeout: 15000 },
    );
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#near-me");
    if (!button) return;
    if (button.getAttribute("aria-pressed") === "true") {
      go(button, (asked) => ["near", "radius"].forEach((name) => asked.delete(name)));
    } else {
      ask(button);
    }
  });

  const offer = () => {
    const button = document.getElementById("near-me");
    if (button && "geolocation" in navigator) button.hidden = false;
  };
  document.addEventListener("htmx:oobAfterSwap", offer);
  offer();
})();
