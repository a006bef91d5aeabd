// Saved replies: the list is narrowed while somebody types, and the text goes to where the cursor stands.
{
  const close = (list, to) => {
    list.open = false;
    to?.focus();
  };
  const insert = async (button) => {
    const form = button.closest("form"), list = button.closest("details"), text = form.querySelector("textarea");
    const { selectionStart: from, selectionEnd: until } = text;
    const fields = new URLSearchParams({ form_token: form.elements.form_token.value, insert: button.value, quiet: "1" });
    // Of a new ticket, whose requester is only typed yet.
    for (const name of ["requester_email", "requester_name"]) if (form.elements[name]) fields.set(name, form.elements[name].value);
    const answer = await fetch(button.parentElement.dataset.inserts, { method: "POST", body: fields }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) {
      document.querySelector("#notice").textContent = "This saved reply could not be fetched. What you wrote is still here: try again in a moment.";
      return;
    }
    form.querySelector(".preview") && form.querySelector("[data-preview]").click();
    text.setRangeText(await answer.text(), from, until, "end");
    close(list, text);
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const lines = (list) => [...list.querySelectorAll("input, .line")].filter((one) => !one.hidden);
  const fill = (list) => {
    const place = list.querySelector("[data-inserts]"), known = [...list.closest("form").querySelector("[name=insert]").options].filter((one) => one.value);
    const buttons = known.map(({ value, text }) => Object.assign(document.createElement("button"), { type: "button", className: "line", value, textContent: text }));
    const field = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off", placeholder: "Find a saved reply" });
    field.setAttribute("aria-label", "Find a saved reply");
    place.replaceChildren(...(known.length > 6 ? [field] : []), ...buttons);
    lines(list)[0].focus();
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".saved-replies[open]")) fill(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-inserts] button");
    if (button) insert(button);
    if (event.target.closest(".saved-replies")) return;
    for (const list of document.querySelectorAll(".saved-replies[open]")) close(list);
  });
  // What is looked for is nothing to keep as a draft.
  document.addEventListener("input", (event) => {
    const list = event.target.closest?.("[data-inserts]");
    if (!list) return;
    event.stopPropagation();
    const typed = event.target.value.trim().toLowerCase();
    for (const line of list.querySelectorAll(".line")) line.hidden = !line.textContent.toLowerCase().includes(typed);
  }, true);
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.(".saved-replies[open]");
    if (!list || event.ctrlKey || event.metaKey) return;
    const all = lines(list), at = all.indexOf(event.target);
    if (event.key === "Escape") close(list, list.querySelector("summary"));
    else if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp") all[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "Enter" && event.target.matches("input")) all[1]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
