// The desk beyond plain links and forms: theme, keys, and what a swap has to tell.
const $ = (selector) => document.querySelector(selector);

// A page that says what went wrong has no such places.
const say = (place, words) => { if ($(place)) $(place).textContent = words; };

// Theme: chosen here, else the system's.
const showTheme = () => {
  const theme = document.documentElement.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]"))
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
};
const chooseTheme = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try { theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme"); } catch {}
  showTheme();
};

const openKeys = () => {
  $("#single-keys").checked = !singlesOff();
  $("#keys").showModal();
};
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) chooseTheme(choice.dataset.themeChoice);
  if (event.target.closest("[data-opens=keys]")) openKeys();
  if (event.target.closest("[data-ticks]")) for (const tick of document.querySelectorAll(".tick input")) tick.checked = true;
});
document.addEventListener("change", (event) => {
  if ("submits" in event.target.dataset) event.target.form.requestSubmit();
});
// A closed list changes with each arrow, and each of its values would be sent: keys open it, and Enter chooses.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("select[data-submits]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.showPicker || !/^(Arrow(Up|Down)|Page(Up|Down)|Home|End|.)$/.test(event.key)) return;
  event.preventDefault();
  event.target.showPicker();
});

// Keys. Never while somebody types, and never with a modifier: those belong to the browser.
const singlesOff = () => { try { return localStorage.getItem("keys") === "off" } catch { return false } };
document.addEventListener("change", (event) => {
  if (event.target.id !== "single-keys") return;
  try { event.target.checked ? localStorage.removeItem("keys") : localStorage.setItem("keys", "off"); } catch {}
});
const rows = () => [...document.querySelectorAll("#rows .row")];
const walk = (step) => {
  const list = rows();
  const at = list.indexOf(document.activeElement);
  const from = at >= 0 ? at : list.findIndex((row) => row.hasAttribute("aria-current"));
  const next = list[from < 0 ? 0 : from + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};
const press = (key) => {
  const target = $(`[data-key="${key}"][href], button[data-key="${key}"]`);
  target?.click();
  return Boolean(target);
};
const write = (as) => {
  const choice = $(`#as-${as}`);
  if (!choice) return;
  choice.checked = true;
  $(".composer textarea").focus();
};
const keys = {
  j: () => $(".thread") ? press("j") : walk(1),
  k: () => $(".thread") ? press("k") : walk(-1),
  o: () => document.activeElement?.closest?.(".row")?.click(),
  r: () => write("reply"),
  n: () => write("note"),
  x: () => document.activeElement?.closest?.("li")?.querySelector(".tick input")?.click(),
  s: () => {
    const list = $(".saved-replies:not([open]) > summary");
    if (list?.checkVisibility()) list.click();
  },
  t: () => $("#add-tags")?.focus(),
  a: () => press("a"),
  e: () => press("e"),
  c: () => press("c"),
  "/": () => {
    const menu = $("#menu"), box = $("#query") ?? $("#find");
    if (menu.contains(box) && !box.checkVisibility()) menu.showPopover();
    box.focus();
    box.select();
  },
  "?": openKeys,
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches(".composer textarea, .opening textarea")) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=radio]), textarea, select, dialog")) return;
  const does = keys[event.key];
  if (!does || (event.key !== "?" && singlesOff())) return;
  event.preventDefault();
  does();
});

// What is typed and not sent is not thrown away without a question.
const unsent = () => [...document.querySelectorAll(".composer textarea")].some((text) => text.value !== text.defaultValue);
window.addEventListener("beforeunload", (event) => { if (unsent()) event.preventDefault(); });
document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  say("#notice", "");
  if (request.method === "GET" && sourceElement.matches?.("a") && unsent() && !confirm("Leave this ticket? What you wrote is not sent.")) event.preventDefault();
});

// After a swap: a new page starts at its end, its name is told, and focus is never lost.
let place = location.pathname;
const arrive = () => {
  showTheme();
  $(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
  const thread = $(".thread");
  if (thread && thread.scrollHeight > thread.clientHeight) $(".timeline > :last-child").scrollIntoView({ block: "nearest" });
};
document.addEventListener("htmx:before:history:update", (event) => {
  const change = event.detail.history;
  if (change.path === location.pathname + location.search) change.type = "replace";
});
document.addEventListener("htmx:after:swap", (event) => {
  // What was read anew by itself is nothing to be told of.
  if (event.detail.ctx.quiet) return;
  const moved = place !== location.pathname;
  place = location.pathname;
  const { sourceElement, title } = event.detail.ctx;
  if (moved) {
    $("#menu:popover-open")?.hidePopover();
    window.scrollTo(0, 0);
  }
  if (document.activeElement === document.body) $("#main")?.focus({ preventScroll: true });
  if (moved || sourceElement?.matches?.(".composer")) arrive();
  say("#announce", title ?? document.title);
});
document.addEventListener("htmx:error", () => {
  say("#notice", "Seldesk cannot be reached. What you wrote is still here: try again in a moment.");
});
arrive();
