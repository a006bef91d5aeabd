// Forms that are written in: what is attached is named, and Ctrl+Enter sends.
document.addEventListener("change", (event) => {
  if (event.target.type !== "file") return;
  const names = event.target.form.querySelector(".names");
  if (names) names.textContent = [...event.target.files].map((file) => file.name).join(", ");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const buttons = [...(event.target.form?.querySelectorAll("button[type=submit], button:not([type])") ?? [])];
  const shown = buttons.filter((button) => button.checkVisibility());
  const chosen = shown.find((button) => "sends" in button.dataset) ?? shown.at(-1);
  if (!chosen) return;
  event.preventDefault();
  chosen.click();
});

// A second click while a page is on its way sends nothing twice. Where htmx is, it sees to that itself.
let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  if (window.htmx) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
window.addEventListener("pageshow", () => { sent = new WeakSet(); });
