// A session that ended while somebody wrote: they sign in beside this page, and its forms are good again.
{
  const whose = (page) => page.querySelector("#me summary b")?.textContent;
  let asking = false;
  const look = async () => {
    if (asking || document.hidden || !document.querySelector("#notice [data-signed-out]")) return;
    asking = true;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
    asking = false;
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=form_token]")?.value;
    // What one person wrote is not for another one to send.
    if (!token || whose(page) !== whose(document)) return;
    for (const field of document.querySelectorAll("[name=form_token]")) field.value = token;
    document.querySelector("#notice").textContent = "You are signed in again, and what you wrote is still here. Send it now.";
  };
  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
}
