// Find and do: Ctrl+K opens it, arrows choose, Enter does. And g with a letter, which leads to a view.
{
  const $ = (selector) => document.querySelector(selector);
  const options = () => [...document.querySelectorAll("#palette-list [role=option]")].filter((one) => !one.hidden);
  const box = () => $("#palette-box");
  let chosen = null, moved = false, waiting = 0, asked = 0;

  const choose = (option) => {
    chosen?.setAttribute("aria-selected", "false");
    chosen = option ?? null;
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) box().setAttribute("aria-activedescendant", chosen.id);
    else box().removeAttribute("aria-activedescendant");
  };

  // What can be done depends on the page: an action without its button or field is not offered.
  const possible = (option) => {
    const { clicks, sets, value } = option.dataset;
    if (clicks) return Boolean($(clicks));
    if (!sets) return true;
    const field = $(sets);
    return Boolean(field) && field.value !== value && [...field.options].some((one) => one.value === value);
  };
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const narrow = () => {
    const typed = box().value.trim(), words = plain(typed).split(/\s+/).filter(Boolean);
    for (const option of document.querySelectorAll("#palette-list [role=option]")) {
      const text = plain(option.querySelector(".what").textContent);
      if ("searches" in option.dataset) {
        option.hidden = !typed;
        option.querySelector("small").textContent = typed;
      } else if (!option.closest("#palette-found"))
        option.hidden = !possible(option) || !words.every((word) => text.includes(word));
    }
    for (const group of document.querySelectorAll("#palette-list [role=group]"))
      group.hidden = !group.querySelector("[role=option]:not([hidden])");
    const shown = options();
    // What somebody went to stays chosen when an answer comes late.
    choose(moved && shown.includes(chosen) ? chosen : shown[0]);
    $("#palette-told").textContent = shown.length === 1 ? "1 found" : `${shown.length} found`;
  };

  const ask = async () => {
    const mine = ++asked, typed = box().value.trim();
    let answer = "";
    if (typed)
      try {
        const response = await fetch(`/desk/palette?query=${encodeURIComponent(typed)}`);
        if (response.ok) answer = await response.text();
      } catch {}
    // Answers may come in another order than they were asked for.
    if (mine !== asked) return;
    $("#palette-found").innerHTML = answer;
    narrow();
  };

  const open = () => {
    if ($("#palette").open) return;
    box().value = "";
    moved = false;
    $("#palette-found").replaceChildren();
    $("#menu:popover-open")?.hidePopover();
    $("#palette").showModal();
    narrow();
    box().focus();
  };
  const perform = (option) => {
    const { leads, clicks, sets, value } = option.dataset, typed = box().value.trim();
    $("#palette").close();
    if (leads) location.assign(leads);
    else if (clicks) $(clicks).click();
    else if (sets) {
      $(sets).value = value;
      $(sets).form.requestSubmit();
    } else location.assign(`/desk/search?query=${encodeURIComponent(typed)}`);
  };

  document.addEventListener("input", (event) => {
    if (event.target.id !== "palette-box") return;
    moved = false;
    narrow();
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=palette]")) return open();
    const option = event.target.closest("#palette-list [role=option]");
    if (option) perform(option);
    else if (event.target.id === "palette") event.target.close();
  });
  const walk = (event) => {
    const shown = options(), at = shown.indexOf(chosen);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, shown.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined) {
      choose(shown.at(to % shown.length));
      moved = true;
    } else if (event.key === "Enter") chosen && perform(chosen);
    else return;
    event.preventDefault();
  };

  const places = { i: "open", u: "unassigned", m: "mine" };
  let going = 0;
  // Before the page's own keys, which know nothing of pairs.
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "palette-box" && !event.isComposing) walk(event);
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return open();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input:not([type=radio]), textarea, select, dialog")) return;
    try { if (localStorage.getItem("keys") === "off") return; } catch {}
    const place = Date.now() - going < 1500 ? places[event.key] : undefined;
    going = event.key === "g" ? Date.now() : 0;
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    $(`.views a[href="/desk/tickets?view=${place}"]`)?.click();
  }, true);
}
