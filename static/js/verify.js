/* The file stays on the device: only its SHA-256 is sent. Without this script it is uploaded, compared and not kept. */
(() => {
  "use strict";
  const digest = document.querySelector("input[name=digest]");
  const input = digest && digest.form.querySelector("input[type=file]");
  const subtle = window.crypto && window.crypto.subtle; /* only on https, as every browser wants it */
  if (!input || !subtle || !Blob.prototype.arrayBuffer) return;
  const form = digest.form;
  const said = document.querySelector("[data-fingerprint=here]");
  document.querySelectorAll("[data-fingerprint]").forEach((line) => { line.hidden = line !== said; });
  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    try {
      const found = await subtle.digest("SHA-256", await file.arrayBuffer());
      digest.value = Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
    } catch (unreadable) {
      said.textContent = said.dataset.failed;
      return;
    }
    input.disabled = true;
    form.submit();
  });
  window.addEventListener("pageshow", () => { input.disabled = false; digest.value = ""; });
})();
