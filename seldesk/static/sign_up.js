// What the sign-up form tells while it is filled in, and how far the making of a helpdesk is.
{
  const PAUSE = 400, LOOK_AGAIN = 1000;
  const find = (selector) => document.querySelector(selector);
  const ask = async (path, values = {}) => {
    try {
      const response = await fetch(`${path}?${new URLSearchParams(values)}`);
      return response.ok ? await response.text() : null;
    } catch { return null }
  };

  // Whether the address can be had.
  const slug = find("#slug");
  let waiting = 0, asked = 0;
  const look = async () => {
    const mine = ++asked, typed = slug.value.trim();
    const told = typed ? await ask("/sign-up/address", { slug: typed }) : "";
    // Answers may come in another order than they were asked for.
    if (mine !== asked || told === null) return;
    find("#slug-said").innerHTML = told;
    if (find("#slug-said .wrong")) slug.setAttribute("aria-invalid", "true");
    else slug.removeAttribute("aria-invalid");
  };
  const lookSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  };
  slug?.addEventListener("input", lookSoon);

  // A first proposal, made of the organisation's name while that is typed; not once somebody wrote another one.
  const proposal = (name) => name.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "").slice(0, 40).replace(/-+$/, "");
  let proposed = "";
  find("#organisation")?.addEventListener("input", ({ target }) => {
    if (slug.value !== proposed) return;
    proposed = slug.value = proposal(target.value);
    lookSoon();
  });

  // Where the data will lie.
  const country = find("#country"), region = find("#region");
  let placed = 0;
  const place = async () => {
    const mine = ++placed;
    const told = await ask("/sign-up/region", { country: country.value, region: region.value });
    if (mine === placed && told !== null) find("#where").innerHTML = told;
  };
  for (const choice of [country, region]) choice?.addEventListener("change", place);
  // A browser that goes back has kept what was chosen.
  if (country?.value) place();

  const follow = async () => {
    const text = await ask(location.pathname), now = find("#progress");
    const fresh = text && new DOMParser().parseFromString(text, "text/html").querySelector("#progress");
    if (fresh && fresh.innerHTML !== now.innerHTML) {
      now.replaceWith(document.adoptNode(fresh));
      find("#told").textContent = (find("#progress .now") ?? find("#progress .failed") ?? find("#progress h1")).textContent;
    }
    if (!("ready" in find("#progress").dataset)) setTimeout(follow, LOOK_AGAIN);
    else document.title = document.title.replace("is being made", "is ready");
  };
  if (find("#progress:not([data-ready])")) setTimeout(follow, LOOK_AGAIN);
}
