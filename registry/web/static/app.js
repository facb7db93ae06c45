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
// Anything that refreshes as it is typed: <form data-live="/where"> fills the element it names.
for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  let waiting = 0, turn = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++turn;
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      try {
        const answer = await fetch(form.dataset.live, { method: "POST", body, headers: { "x-part": "1" } });
        if ((answer.ok || answer.headers.get("x-part")) && mine === turn) { into.innerHTML = await answer.text(); spread(form, into); }
      } catch { /* without a network the button still asks */ }
    }, 350);
  });
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
