// 小小的帮忙: everything works without this; it only saves a step or a mistake.
"use strict";
// What was refused is read first, by eye and by ear.
document.querySelector(".errors[tabindex]")?.focus();
// A form is handed in once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post") {
    form.dataset.sent = "1";
    form.dataset.clean = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  }
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
// Leaving a form that was typed into is asked about.
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => { form.dataset.dirty = "1"; });
}
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-guard][data-dirty]")) {
    if (!form.dataset.clean) event.preventDefault();
  }
});
// A file that is too large is told before it is sent, and nothing typed beside it is lost.
for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(large ? input.dataset.large : "");
    if (large) input.reportValidity();
  });
}
// What such an answer says of one field stands beside that field.
function spread(form, into) {
  for (const place of form.querySelectorAll("[data-for]")) place.textContent = "";
  for (const said of into.querySelectorAll("[data-beside]")) {
    const place = form.querySelector(`[data-for="${CSS.escape(said.dataset.beside)}"]`);
    if (place) place.textContent = said.textContent;
  }
}
// Anything that refreshes as it is typed: <form data-live="/where"> fills the element it names. A question that
// a later one overtook is called off; nothing is asked amid a word of an input method, nor said twice by a reader.
for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  let waiting = 0, asking = null, said = "";
  const ask = async () => {
    asking?.abort();
    const mine = asking = new AbortController();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.live, { method: "POST", body, headers: { "x-part": "1" }, signal: mine.signal });
      const told = await answer.text();
      if ((answer.ok || answer.headers.get("x-part")) && mine === asking && told !== said) { into.innerHTML = said = told; spread(form, into); }
    } catch { /* called off, or without a network: the button still asks */ }
    if (mine === asking) into.removeAttribute("aria-busy");
  };
  const later = (event) => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, 350);
  };
  form.addEventListener("input", later);
  form.addEventListener("compositionend", later);
}
// A long list is looked through as a name is typed; what is chosen moves up, out of what is found next.
for (const box of document.querySelectorAll("[data-pick]")) {
  const find = box.querySelector("[data-find]"), found = box.querySelector(".found");
  let waiting = 0, turn = 0;
  const look = async () => {
    const mine = ++turn, word = find.value.trim();
    if ([...word].length < 2) { found.textContent = ""; return; }
    const asked = new URLSearchParams({ q: word, path: box.dataset.path });
    if (box.dataset.many) asked.set("many", "1");
    try {
      const answer = await fetch(`${box.dataset.pick}?${asked}`);
      if (answer.ok && mine === turn) found.innerHTML = await answer.text();
    } catch { /* without a network the button still finds */ }
  };
  find.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(waiting);
    waiting = setTimeout(look, 250);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); clearTimeout(waiting); look(); }
  });
  box.addEventListener("change", (event) => {
    const label = event.target.checked && event.target.closest(".found label");
    if (!label) return;
    box.querySelector(".picked").append(label);
    event.target.focus();
  });
}
// 快捷键: single keys, only while nothing is being typed, and only where they are not turned off.
if ("keys" in document.body.dataset) {
  const typing = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]";
  const links = () => [...document.querySelectorAll("table[data-rows] tbody tr, table.cards tbody tr")]
    .map((row) => row.querySelector("a[href]")).filter(Boolean);
  const row = (step) => {
    const all = links(), at = all.findIndex((link) => link.closest("tr").contains(document.activeElement));
    const next = at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
    next?.focus();
    next?.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const go = (selector) => document.querySelector(selector)?.click();
  const act = () => {
    const place = document.querySelector(".decide details[open]") ?? document.querySelector(".decide");
    place?.querySelector("input:not([type=hidden]), select, textarea, a[href]")?.focus();
    place?.scrollIntoView({ block: "nearest" });
  };
  const help = document.getElementById("keys");
  const does = {
    j: () => row(1), k: () => row(-1), a: act, n: () => go("main [rel=next]"), p: () => go("main [rel=prev]"),
    u: () => go("main [data-up]"), "?": () => help?.showModal(),
    o: () => { if (document.activeElement.matches("main tr a[href]")) document.activeElement.click(); },
    "/": () => (document.querySelector("main [role=search] input:not([type=hidden])"))?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.activeElement?.closest(typing) || help?.open || !Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]();
  });
}
// 常用意见: what is picked goes into the text at once, where it can be changed before it is handed in.
for (const pick of document.querySelectorAll("select[data-phrases]")) {
  pick.addEventListener("change", () => {
    const text = document.getElementById(pick.dataset.phrases), ballot = pick.selectedOptions[0].dataset.ballot;
    if (!pick.value || !text) return;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n${pick.value}` : pick.value;
    const stand = ballot && [...pick.form.elements].find((one) => one.name === "ballot" && one.value === ballot);
    if (stand && !pick.form.querySelector("[name=ballot]:checked")) stand.checked = true;
    pick.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
// One tick for all of them: <input data-all="name"> in the same form.
for (const all of document.querySelectorAll("input[data-all]")) {
  const each = () => [...all.form.elements].filter((one) => one.name === all.dataset.all);
  all.closest("[hidden]")?.removeAttribute("hidden");
  all.addEventListener("change", () => { for (const one of each()) one.checked = all.checked; });
  all.form.addEventListener("change", () => { all.checked = each().every((one) => one.checked); });
}
