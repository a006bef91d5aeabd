// The text of a reply or a note: looked at as the mail shows it, and in a note with the names of those who work here.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-preview]");
  if (!button) return;
  const form = button.form, text = form.querySelector("textarea"), shown = form.querySelector(".preview");
  if (shown) {
    shown.remove();
    text.hidden = false;
    button.setAttribute("aria-pressed", "false");
    return text.focus();
  }
  const fields = new URLSearchParams({ body: text.value, form_token: form.elements.form_token.value });
  const answer = await fetch(button.dataset.preview, { method: "POST", body: fields }).catch(() => undefined);
  if (!answer?.ok || !form.isConnected || form.querySelector(".preview")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const preview = document.importNode(page.querySelector(".preview"), true);
  text.after(preview);
  preview.tabIndex = -1;
  text.hidden = true;
  button.setAttribute("aria-pressed", "true");
  preview.focus();
});

// After an @, arrows choose and Enter or Tab takes the name; Escape closes the list and nothing else.
const BEGUN = /(?<=^|[\s(])@([\p{L}\p{N}_.'-]{0,40})$/u;
let offer;
const closeOffer = () => {
  offer?.list.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) offer?.text.removeAttribute(name);
  offer = undefined;
};
const point = (at) => {
  const options = [...offer.list.children];
  offer.at = (at + options.length) % options.length;
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === offer.at)));
  offer.text.setAttribute("aria-activedescendant", options[offer.at].id);
  options[offer.at].scrollIntoView({ block: "nearest" });
};
const takeName = (name) => {
  const { text, begins } = offer;
  text.setRangeText(`@${name} `, begins, text.selectionStart, "end");
  closeOffer();
  text.dispatchEvent(new InputEvent("input", { bubbles: true }));
};
const offerNames = (text) => {
  closeOffer();
  const form = text.form, begun = text.value.slice(0, text.selectionStart).match(BEGUN);
  if (!begun || !form?.querySelector("[name=as][value=note]:checked")) return;
  const typed = begun[1].toLowerCase();
  const all = [...form.querySelectorAll(".mentionable option")].map((one) => one.value);
  const names = all.filter((name) => name.toLowerCase().split(" ").some((word) => word.startsWith(typed))).slice(0, 6);
  if (!names.length) return;
  const list = Object.assign(document.createElement("ul"), { className: "mentions", id: "mentions", role: "listbox" });
  list.setAttribute("aria-label", "People who work here");
  list.append(...names.map((name, at) => {
    const option = Object.assign(document.createElement("li"), { id: `mention-${at}`, role: "option", textContent: name });
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); takeName(name); });
    return option;
  }));
  text.after(list);
  text.setAttribute("aria-controls", "mentions");
  offer = { text, list, begins: begun.index };
  point(0);
};
document.addEventListener("input", (event) => { if (event.target.matches(".composer textarea")) offerNames(event.target); });
document.addEventListener("focusout", (event) => { if (event.target === offer?.text) closeOffer(); });
document.addEventListener("keydown", (event) => {
  if (!offer || event.target !== offer.text || event.ctrlKey || event.metaKey) return;
  const does = {
    ArrowDown: () => point(offer.at + 1),
    ArrowUp: () => point(offer.at - 1),
    Enter: () => takeName(offer.list.children[offer.at].textContent),
    Tab: () => takeName(offer.list.children[offer.at].textContent),
    Escape: closeOffer,
  }[event.key];
  if (!does) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  does();
}, true);
