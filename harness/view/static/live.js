// Updates #live while the page has one, then reloads the page. If the user has typed or clicked in it, shows a link
// instead of reloading.
"use strict";

let used = false;
for (const use of ["input", "change", "pointerdown"]) document.addEventListener(use, () => (used = true));

function refresh() {
  const started = performance.now();
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.setRequestHeader("X-Part", "1");
  request.responseType = "document"; // parsed without running anything
  request.onload = () => {
    const place = document.getElementById("live");
    const newer = request.response?.getElementById("live");
    if (newer) {
      place.replaceWith(newer);
      setTimeout(refresh, Math.max(1500, 4 * (performance.now() - started))); // request slow pages less often
    } else if (used) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Reload the page";
      place.replaceChildren("Done. ", link);
    } else {
      location.reload();
    }
  };
  request.onerror = () => setTimeout(refresh, 5000); // harness view was stopped
  request.send();
}

setTimeout(refresh, 1000);
