// How far an export is, while one is being made.
{
  const LOOK_AGAIN = 1500;
  const now = () => document.querySelector("#exports");
  const follow = async () => {
    try {
      const response = await fetch(location.pathname);
      const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
      const fresh = page.querySelector("#exports");
      if (fresh && fresh.innerHTML !== now().innerHTML) {
        now().replaceWith(document.adoptNode(fresh));
        // Read out at the end: each number would be too much.
        if (!("underWay" in now().dataset)) {
          document.querySelector("#told").textContent = now().querySelector(".export-now").textContent;
        }
      }
    } catch { /* The next look may find the way. */ }
    if ("underWay" in now().dataset) setTimeout(follow, LOOK_AGAIN);
  };
  if ("underWay" in now().dataset) setTimeout(follow, LOOK_AGAIN);
}
