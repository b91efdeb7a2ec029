/* Conveniences only: every page works without this file. */
(() => {
  "use strict";
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  /* Amounts: understood as the server understands them, echoed in figures and in words. */
  const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
  const hundreds = (group, afterMore) => {
    const hundred = Math.floor(group / 100), ten = Math.floor(group / 10) % 10, one = group % 10;
    const said = hundred || afterMore ? [DIGITS[hundred], "trăm"] : [];
    if (!ten) return one ? said.concat(said.length ? "lẻ" : [], DIGITS[one]) : said;
    said.push(...(ten === 1 ? ["mười"] : [DIGITS[ten], "mươi"]));
    const last = { 0: [], 5: ["lăm"], ...(ten > 1 && { 1: ["mốt"], 4: ["tư"] }) }[one];
    return said.concat(last || DIGITS[one]);
  };
  const read = (n, afterMore) => {
    const billions = Math.floor(n / 1e9), said = billions ? read(billions, afterMore).concat("tỷ") : [];
    let rest = n % 1e9;
    [[1e6, "triệu"], [1e3, "nghìn"], [1, ""]].forEach(([size, name]) => {
      const group = Math.floor(rest / size);
      rest %= size;
      if (group) said.push(...hundreds(group, afterMore || said.length > 0), ...(name ? [name] : []));
    });
    return said;
  };
  const inWords = (amount) => read(amount, false).join(" ") || DIGITS[0];
  const amountOf = (text) => {
    const clean = text.toLowerCase().replace(/[\s₫]|đồng|vnđ|đ$/g, "");
    const found = clean.match(/^(\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,(\d+))?(k|nghìn|ngàn|tr|triệu|tỷ|tỉ)?(\d)?$/);
    if (!found) return null;
    const factor = { k: 1e3, "nghìn": 1e3, "ngàn": 1e3, tr: 1e6, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9 }[found[3]] || 1;
    if (found[4] && (!found[3] || found[2])) return null;
    const whole = Number(found[1].replace(/\./g, ""));
    const amount = Math.round((whole + (found[2] ? Number(`0.${found[2]}`) : 0) + (found[4] ? Number(found[4]) / 10 : 0)) * factor);
    return amount <= 1e15 && (factor > 1 || !found[2]) ? amount : null;
  };
  const grouped = (amount) => String(amount).replace(/\B(?=(\d{3})+$)/g, ".");
  const echoes = () => all("[data-echo=money]").forEach((input) => {
    const out = make("output", "echo");
    out.setAttribute("for", input.id);
    (input.closest(".with-suffix") || input).insertAdjacentElement("afterend", out);
    const show = () => {
      const amount = amountOf(input.value);
      const words = amount === null ? "" : inWords(amount);
      out.textContent = words ? `${grouped(amount)} đ — ${words} đồng` : "";
    };
    input.addEventListener("input", show);
    show();
  });

  /* Copy a prepared message. */
  const copies = () => all("[data-copy]").forEach((button) => {
    const source = document.getElementById(button.dataset.copy), label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.value);
      } catch (refused) { /* an in-app browser without the clipboard: select it for the finger instead */
        source.focus();
        source.select();
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2500);
    });
  });

  /* Drop zones: dropping, names and small previews. */
  const drops = () => all("[data-drop]").forEach((zone) => {
    const input = zone.querySelector("input[type=file]");
    const list = make("div", "drop-files");
    list.setAttribute("aria-live", "polite");
    if (window.matchMedia("(hover: hover)").matches) zone.append(make("p", "drop-prompt", zone.dataset.prompt));
    zone.append(list);
    const show = () => {
      list.textContent = "";
      for (const file of input.files) {
        const item = make("figure");
        if (/^image\/(jpeg|png|webp)$/.test(file.type)) {
          const reader = new FileReader();
          reader.onload = () => { const image = make("img"); image.alt = ""; image.src = reader.result; item.prepend(image); };
          reader.readAsDataURL(file);
        }
        item.append(make("figcaption", "", `${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`));
        list.append(item);
      }
    };
    const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("drop-over", on); };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      show();
    });
    input.addEventListener("change", show);
  });

  /* A second press of the same button within a moment does nothing; the server would refuse it anyway. */
  const once = () => document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const free = () => { delete form.dataset.sent; all("button", form).forEach((b) => b.removeAttribute("aria-disabled")); };
    all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(free, 8000);
    window.addEventListener("pageshow", free, { once: true });
  });

  /* Of a price only what its kind has a use for is shown, and what is filled in; without script all of it stands there. */
  const USES = { fixed: "price", floor: "price market floor", floor_share: "price price_percent market floor share",
    market: "price price_percent market over", ceiling: "price price_percent price_most market over", negotiable: "" };
  const priceRules = () => all(".price-rule").forEach((rule) => {
    const kind = rule.querySelector("select"), table = rule.querySelector("table");
    const show = () => {
      const uses = USES[kind.value].split(" ");
      all("input", rule).forEach((input) => {
        const field = input.closest(".field");
        field.hidden = !input.value && !field.matches(".field-wrong") && !uses.includes(input.name.replace(/.*-/, ""));
      });
      all("[data-for]", rule).forEach((help) => { help.hidden = !uses.includes(help.dataset.for); });
      if (table) table.hidden = !uses.includes("market");
    };
    rule.addEventListener("input", show);
    show();
  });

  /* The line under the heading of a folded part follows what is typed into it. */
  const holdings = () => all(".fold").forEach((fold) => {
    const line = fold.querySelector(":scope > summary .holds");
    const said = (field) => (field.type === "checkbox" ? (field.checked ? field.labels[0].textContent : "")
      : field.selectedOptions ? (field.value && field.selectedOptions[0].textContent) : field.value.trim());
    if (line) fold.addEventListener("input", () => {
      const words = all("input:not([type=hidden]), select, textarea", fold).map(said).filter(Boolean).join(" · ");
      line.textContent = words.length > 90 ? `${words.slice(0, 88)} …` : words;
    });
  });

  /* Nothing typed is lost: a form that names its draft keeps in this tab what was typed into it, field by field, until a
     page carries the key of the form that was accepted. A sign-in page, an error or a dead network carries none. */
  const slots = (form) => {
    const met = {}, found = new Map();
    all("input, select, textarea", form).forEach((field) => {
      if (!field.name || ["hidden", "password", "file", "submit"].includes(field.type)) return;
      met[field.name] = (met[field.name] || 0) + 1;
      found.set(`${field.name} ${met[field.name]}`, field);
    });
    return found;
  };
  const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const drafts = () => {
    let store;
    try { store = window.sessionStorage; store.getItem("probe"); } catch (refused) { return; }
    const [name, sent] = JSON.parse(store.getItem("sent") || "[]");
    if (sent && all("[data-done]").some((said) => said.dataset.done === sent)) store.removeItem(`typed:${name}`);
    all("form[data-keep]").forEach((form) => {
      const key = `typed:${form.dataset.keep}`, typed = JSON.parse(store.getItem(key) || "{}"), fields = slots(form);
      const lacks = ([slot, value]) => (fields.has(slot) ? valueOf(fields.get(slot)) !== value : value && value !== true);
      if (!form.querySelector(".error-summary") && Object.entries(typed).some(lacks)) offer(form, typed, () => store.removeItem(key));
      form.addEventListener("input", ({ target }) => {
        slots(form).forEach((field, slot) => {
          if (field !== target) return;
          delete typed[slot]; /* the last one typed stands last: of radio buttons it is the one that counts */
          typed[slot] = valueOf(field);
        });
        try { store.setItem(key, JSON.stringify(typed)); } catch (full) { /* what fitted before stays */ }
      });
      form.addEventListener("submit", () => store.setItem("sent", JSON.stringify([form.dataset.keep, form.elements.key.value])));
    });
  };
  const offer = (form, typed, forget) => {
    const bar = make("div", "notice notice-warning kept");
    const yes = make("button", "button small quiet", form.dataset.keepYes), no = make("button", "button small quiet", form.dataset.keepNo);
    const buttons = make("p", "buttons");
    yes.type = no.type = "button";
    buttons.append(yes, no);
    bar.append(make("p", "", form.dataset.keepOffer), buttons);
    bar.setAttribute("role", "status");
    form.prepend(bar);
    yes.addEventListener("click", () => {
      const fields = slots(form), homeless = make("ul");
      Object.entries(typed).forEach(([slot, value]) => {
        const field = fields.get(slot);
        if (!field) { if (value && value !== true) homeless.append(make("li", "", value)); return; }
        if (typeof value === "boolean") field.checked = value; else field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        const fold = field.closest("details");
        if (fold && value) for (let part = fold; part; part = part.parentElement.closest("details")) part.open = true;
      });
      if (homeless.children.length) { yes.remove(); bar.insertBefore(homeless, buttons); } else bar.remove();
    });
    no.addEventListener("click", () => {
      Object.keys(typed).forEach((slot) => { delete typed[slot]; });
      forget();
      bar.remove();
    });
  };

  /* Confirmation in a dialog where the browser has one; without it the form unfolds in place. */
  const confirms = () => all("details[data-confirm]").forEach((fold) => {
    const body = fold.querySelector(".confirm-body");
    if (!window.HTMLDialogElement || body.querySelector(".error")) return;
    const dialog = make("dialog"), cancel = make("button", "button quiet", fold.dataset.cancel);
    dialog.setAttribute("aria-label", fold.querySelector("summary").textContent);
    cancel.type = "button";
    body.querySelector(".buttons").append(cancel);
    fold.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.append(body);
      dialog.showModal();
    });
    cancel.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
  });

  /* One list follows another: choosing in the first fetches the second, as the button beside it does without script. */
  const follows = () => all("select[data-fetches]").forEach((select) => {
    const id = select.dataset.fetches;
    const bring = async () => {
      const asked = new FormData(select.form), chosen = select.value;
      asked.set("act", "places");
      const answer = await fetch(window.location.href, { method: "POST", body: asked });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
      if (fresh && select.value === chosen) document.getElementById(id).replaceWith(fresh);
    };
    let soon; /* with the arrow keys one passes many choices: only the one where one stays is asked for */
    select.addEventListener("change", () => { clearTimeout(soon); soon = setTimeout(bring, 400); });
  });

  /* Checking a contract: the file stays on the device, only its SHA-256 is sent. Otherwise it is uploaded, compared, not kept. */
  const fingerprints = () => {
    const said = document.querySelector("[data-fingerprint=here]");
    const digest = said && document.querySelector("input[name=digest]");
    const input = digest && digest.form.querySelector("input[type=file]");
    const subtle = window.crypto && window.crypto.subtle; /* only on https, as every browser wants it */
    if (!input || !subtle || !Blob.prototype.arrayBuffer) return;
    const form = digest.form;
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
  };

  const focusErrors = () => { const summary = document.querySelector("[data-focus]"); if (summary) summary.focus(); };

  echoes(); copies(); drops(); once(); holdings(); drafts(); priceRules(); confirms(); follows(); fingerprints(); focusErrors();
})();
