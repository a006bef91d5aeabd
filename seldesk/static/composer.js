// Forms that are written in: Ctrl+Enter sends, addresses are suggested, and drafts are kept.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form ?? event.target.closest("form");
  const buttons = [...(form?.querySelectorAll("button[type=submit], button:not([type])") ?? [])];
  const shown = buttons.filter((button) => button.checkVisibility());
  const chosen = shown.find((button) => "sends" in button.dataset) ?? shown.at(-1);
  if (!chosen) return;
  event.preventDefault();
  chosen.click();
});

// What is typed is kept on the server whenever the hand rests, and when the page is left. A draft that is on its way
// while its text is sent comes too late there.
const drafts = new Map();
const saveDraft = async (form, leaving = false) => {
  clearTimeout(drafts.get(form)?.timer);
  drafts.delete(form);
  if (!form.isConnected) return;
  const text = form.querySelector("textarea"), typed = text.value, fields = new URLSearchParams({ quiet: "1" });
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "kept") fields.append(name, value);
  const shown = form.querySelector(".saved");
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: fields, keepalive: leaving && typed.length < 20_000 });
    if (!answer.ok) throw new Error(answer.status);
    if (text.isConnected) text.defaultValue = typed;
    if (text.value !== typed) text.value = text.value;
    shown.textContent = typed.trim() ? "Draft kept" : "";
  } catch {
    shown.textContent = "Draft not kept yet";
  }
};
const keepDraft = (event) => {
  const form = event.target.closest?.(".composer[data-draft]");
  if (!form || event.target.type === "file") return;
  clearTimeout(drafts.get(form)?.timer);
  drafts.set(form, { timer: setTimeout(() => saveDraft(form), 1200) });
};
document.addEventListener("input", keepDraft);
document.addEventListener("submit", (event) => {
  clearTimeout(drafts.get(event.target)?.timer);
  drafts.delete(event.target);
}, true);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const form of [...drafts.keys()]) saveDraft(form, true);
});

// The seconds in which a reply can be taken back. After them the button says nothing true any more.
// Counted from when it is first seen: the clocks of browsers are wrong.
const deadlines = new WeakMap();
setInterval(() => {
  for (const form of document.querySelectorAll(".undo")) {
    const seconds = form.querySelector("[data-seconds]");
    if (!deadlines.has(form)) deadlines.set(form, performance.now() + seconds.textContent * 1000);
    const left = Math.ceil((deadlines.get(form) - performance.now()) / 1000);
    if (left > 0) seconds.textContent = left;
    else form.remove();
  }
}, 500);

// Fields for addresses know people. In one for several, an option stands for the whole field.
let asking;
const suggestPeople = async (field) => {
  const several = field.dataset.people === "several";
  const [, before, typed] = field.value.match(/^(.*[,;]\s*)?(.*)$/s);
  const begun = (several ? typed : field.value).trim();
  asking?.abort();
  if (begun.length < 2) return;
  asking = new AbortController();
  try {
    await new Promise((resolve) => setTimeout(resolve, 150));
    const answer = await fetch(`/desk/people?${new URLSearchParams({ query: begun })}`, { signal: asking.signal });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("option");
    let list = document.getElementById("known-people");
    if (!list) {
      list = Object.assign(document.createElement("datalist"), { id: "known-people" });
      document.body.append(list);
    }
    list.replaceChildren(...[...found].map((one) => {
      const option = new Option(one.label, (several && before || "") + one.value);
      option.label = `${one.label} <${one.value}>`;
      option.dataset.name = one.label;
      return option;
    }));
    field.setAttribute("list", "known-people");
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
};
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.people) return;
  const chosen = [...document.querySelectorAll("#known-people option")].find((one) => one.value === field.value);
  const name = field.form.querySelector("[name=requester_name]");
  if (!chosen) suggestPeople(field);
  else if (field.dataset.people === "one" && name && !name.value) name.value = chosen.dataset.name;
});

// A second click while a page is on its way sends nothing twice. Where htmx is, it sees to that itself.
let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  if (window.htmx) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
window.addEventListener("pageshow", () => { sent = new WeakSet(); });
