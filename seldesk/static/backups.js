// While a copy is being made the page shows how far it is, and what became of it.
{
  const LOOK_AGAIN = 1500;
  const find = (selector) => document.querySelector(selector);
  const follow = async () => {
    try {
      const answer = await fetch("/settings/backups");
      const text = answer.ok && !answer.redirected ? await answer.text() : null;
      const page = text && new DOMParser().parseFromString(text, "text/html");
      const fresh = page && page.querySelector("#backups");
      if (fresh) {
        const now = find("#backups"), was = find(".backup-step")?.textContent;
        if (fresh.innerHTML !== now.innerHTML) now.replaceWith(document.adoptNode(fresh));
        const step = find(".backup-step")?.textContent;
        if (step !== was) find("#backup-told").textContent = step ?? "It is finished: see the list.";
        const button = find(".backups-acts button.go");
        if (button) button.disabled = page.querySelector(".backups-acts button.go")?.disabled ?? false;
      }
    } catch { /* The next look may arrive. */ }
    if ("making" in find("#backups").dataset) setTimeout(follow, LOOK_AGAIN);
  };
  if (find("#backups[data-making]")) setTimeout(follow, LOOK_AGAIN);
}
