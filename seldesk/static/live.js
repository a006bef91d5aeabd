// What others do, as it happens. Events carry ids alone: what has changed is read anew, by a plain GET of this page.
{
  const AWAKE = 60 * 60e3, ATTENTIVE = 5 * 60e3, HEARTBEAT = 10e3, SOONEST = 2e3;
  const find = (selector) => document.querySelector(selector);
  const openTicket = () => Number(find(".thread")?.id.slice("thread-".length)) || null;
  const composer = () => find(".talk form.composer");

  // Nobody there: a page that nobody uses reads nothing, so that its session can end.
  let touched = Date.now(), typed = 0;
  const since = (time) => Date.now() - time;
  const touch = () => {
    const slept = since(touched) > AWAKE;
    touched = Date.now();
    if (slept) plan();
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) document.addEventListener(kind, touch, { passive: true });

  // One tab listens for all tabs of this browser: each stream is a connection, and browsers have few.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("live") : null;
  let listens = false;
  const share = (message) => { tabs?.postMessage(message); hear(message); };
  const listen = () => {
    let delay = 1000;
    const connect = () => {
      const source = new EventSource("/live");
      source.addEventListener("open", () => { delay = 1000; share({ kind: "again" }); });
      for (const kind of ["tickets", "presence", "again"])
        source.addEventListener(kind, (event) => share({ kind, data: JSON.parse(event.data) }));
      source.addEventListener("error", () => {
        // Otherwise the browser connects again by itself.
        if (source.readyState !== EventSource.CLOSED) return;
        setTimeout(connect, delay * (0.5 + Math.random()));
        delay = Math.min(delay * 2, 60e3);
      });
    };
    listens = true;
    connect();
    return new Promise(() => {});
  };
  if (tabs) tabs.addEventListener("message", ({ data }) => hear(data));
  if (tabs && navigator.locks) {
    navigator.locks.request("live", listen);
    tabs.postMessage({ kind: "who" });
  } else listen();

  const there = new Map(), known = new Map(), waiting = new Set();
  const hear = ({ kind, data }) => {
    if (kind === "presence") {
      data.people.length ? there.set(data.number, data.people) : there.delete(data.number);
      showPeople();
    } else if (kind === "who") {
      if (listens) for (const [number, people] of there) tabs.postMessage({ kind: "presence", data: { number, people } });
    } else if (kind === "again") plan();
    else hearTickets(data);
  };
  const hearTickets = (tickets) => {
    const theirs = tickets.filter((ticket) => !ticket.mine);
    if (!here()) for (const ticket of theirs) waiting.add(ticket.number);
    showCount();
    announce(theirs.filter((ticket) => ticket.message && known.get(ticket.number) !== ticket.message));
    for (const ticket of tickets) known.set(ticket.number, ticket.message);
    // What this very page has done is on it already.
    if (theirs.length || since(swapped) > SOONEST) plan();
  };

  // How much has happened while nobody looked stands in the title.
  const here = () => !document.hidden && document.hasFocus();
  const showCount = () => {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const title = waiting.size ? `(${waiting.size}) ${plain}` : plain;
    if (title !== document.title) document.title = title;
  };
  const look = () => {
    if (!here()) return;
    waiting.clear();
    showCount();
    if (stale) plan();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);

  // Reading anew: not while nobody looks, and not under a moving pointer.
  let timer = 0, read = 0, stale = false, moved = 0, swapped = 0;
  document.addEventListener("pointermove", (event) => { if (event.target.closest?.("#rows")) moved = Date.now(); }, { passive: true });
  const plan = () => {
    stale = true;
    if (timer || document.hidden || since(touched) > AWAKE || !find(".queue, .timeline")) return;
    // By chance, so that all the pages of a desk do not ask at once.
    timer = setTimeout(run, Math.max(200 + 600 * Math.random(), read + SOONEST - Date.now()));
  };
  const run = async () => {
    timer = 0;
    if (since(moved) < 1500) return plan();
    stale = false;
    read = Date.now();
    const address = location.href;
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const text = withNonce(await answer.text(), answer.headers.get("Content-Security-Policy"));
    // Meanwhile somebody may have gone elsewhere.
    if (address === location.href && Date.now() > swapped && !document.querySelector(".htmx-request")) await show(text);
  };
  // A page has a nonce of its own, and this one must take what it reads for its own.
  const withNonce = (text, policy) => {
    const theirs = policy?.match(/'nonce-([^']+)'/)?.[1];
    return theirs ? text.replaceAll(theirs, find("script[nonce]").nonce) : text;
  };
  const swap = (text, select) => {
    const part = find(select);
    return htmx.swap({ text, select, target: part, sourceElement: part, swap: "outerMorph ignoreTitle:true show:none", push: "false", quiet: true });
  };
  const show = async (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const used = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");
    const place = keepPlace();
    for (const part of [".views", ".talk > .bar", ".talk .subject", "#details", ".queue > .bar"])
      if (find(part) && page.querySelector(part) && !used(find(part))) await swap(text, part);
    if (find("#rows") && page.querySelector("#rows")) await swap(text, "#rows");
    else if (find(".queue") && Boolean(find("#rows")) !== Boolean(page.querySelector("#rows"))) await swap(text, ".queue");
    place();
    if (find(".timeline") && page.querySelector(".timeline")) await showTimeline(text, page);
    showPeople();
    showCount();
  };
  // What stands at the top of a list that was scrolled stays there.
  const keepPlace = () => {
    const list = find(".queue");
    if (!list?.scrollTop) return () => {};
    const top = [...list.querySelectorAll(".row")].find((row) => row.getBoundingClientRect().bottom > 64)?.id;
    const before = top && document.getElementById(top).getBoundingClientRect().top;
    return () => {
      const after = top && document.getElementById(top)?.getBoundingClientRect().top;
      if (after !== undefined) list.scrollTop += after - before;
    };
  };

  // New messages come into the timeline by themselves, but not while somebody writes below it.
  const writing = () => {
    const form = composer();
    if (!form) return false;
    const files = [...form.querySelectorAll("[type=file]")].some((input) => input.files.length);
    const texts = [...form.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=file])")];
    return files || texts.some((text) => text === document.activeElement || (text.matches("textarea") && text.value.trim()));
  };
  const showTimeline = async (text, page) => {
    const news = [...page.querySelectorAll(".timeline .message")].filter((message) => !document.getElementById(message.id));
    if (writing()) return news.length ? offer(text, page, news) : undefined;
    await takeIn(text);
    if (composer() && page.querySelector(".talk form.composer")) await swap(text, ".talk .composer");
  };
  const takeIn = async (text) => {
    const thread = find(".thread");
    const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
    await swap(text, ".timeline");
    if (atEnd) thread.scrollTop = thread.scrollHeight;
    find("#newer").hidden = true;
  };
  const offer = (text, page, news) => {
    const button = find("#newer"), one = news.length === 1;
    const said = one ? `New: ${news[0].querySelector("h2").textContent}` : `${news.length} new messages`;
    if (button.querySelector("span").textContent !== said) button.querySelector("span").textContent = said;
    button.hidden = false;
    button.onclick = async () => {
      await takeIn(text);
      // They have been seen now: the reply need not be stopped for them.
      const seen = composer()?.querySelector("[name=seen]");
      if (seen) seen.value = page.querySelector(".composer [name=seen]")?.value ?? seen.value;
      document.getElementById(news[0].id)?.scrollIntoView({ block: "nearest" });
      composer()?.querySelector("textarea")?.focus({ preventScroll: true });
    };
  };

  // Who looks, and who writes.
  const element = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const face = ({ initials, tint, doing }) => {
    const made = element("span", `face small tint-${Number(tint)}${doing === "writing" ? " writes" : ""}`, initials);
    made.setAttribute("aria-hidden", "true");
    return made;
  };
  const words = (people) => people.map(({ name, doing }) => `${name} is ${doing}`).join(", ");
  const showPeople = () => {
    for (const old of document.querySelectorAll(".row .present")) old.remove();
    for (const [number, people] of there) {
      const row = find(`#row-${number} .more`);
      if (!row) continue;
      const faces = element("span", "present");
      faces.title = words(people);
      faces.append(...people.slice(0, 3).map(face), element("span", "unseen", ` ${words(people)}`));
      row.append(faces);
    }
    const head = find("#present"), people = there.get(openTicket()) ?? [];
    if (!head || head.dataset.words === words(people)) return;
    head.dataset.words = words(people);
    head.title = words(people);
    head.replaceChildren(...people.slice(0, 3).map(face), ...(people.length ? [element("span", "words", words(people))] : []));
  };

  // Telling the others. The pages of a ticket that nobody touches say nothing, and are forgotten soon.
  const tab = crypto.randomUUID();
  let told = null;
  const tell = (number, doing) => {
    const token = find("[name=form_token]")?.value;
    if (token) fetch(`/desk/tickets/${number}/presence`, { method: "POST", keepalive: true, body: new URLSearchParams({ form_token: token, tab, doing }) }).catch(() => {});
  };
  const attend = () => {
    const number = !document.hidden && since(touched) < ATTENTIVE ? openTicket() : null;
    const doing = since(typed) < 2 * HEARTBEAT ? "writing" : "viewing";
    if (told && told.number !== number) tell(told.number, "gone");
    const due = number && (told?.number !== number || told.doing !== doing || since(told.time) > HEARTBEAT - 500);
    if (due) tell(number, doing);
    told = number && (due ? { number, doing, time: Date.now() } : told);
  };
  document.addEventListener("input", (event) => {
    if (!event.target.closest(".talk .composer")) return;
    typed = Date.now();
    attend();
  });
  document.addEventListener("visibilitychange", attend);
  window.addEventListener("pagehide", () => { if (told) tell(told.number, "gone"); told = null; });
  setInterval(attend, HEARTBEAT);

  // What requesters say is announced in a line, which goes by itself.
  const silent = () => { try { return localStorage.getItem("announce") === "off" } catch { return false } };
  const announce = async (tickets) => {
    const numbers = tickets.map((ticket) => ticket.number).filter((number) => number !== openTicket()).slice(0, 20);
    if (!numbers.length || document.hidden || silent()) return;
    const query = new URLSearchParams(numbers.map((number) => ["numbers", number]));
    const answer = await fetch(`/desk/arrivals?${query}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const line of page.querySelectorAll(".arrival")) put(document.adoptNode(line));
  };
  const put = (line) => {
    const list = find("#arrivals");
    list.querySelector(`[data-number="${line.dataset.number}"]`)?.remove();
    list.append(line);
    htmx.process(line);
    while (list.children.length > 3) list.firstElementChild.remove();
    const leave = () => line.matches(":hover, :focus-within") ? setTimeout(leave, 4e3) : line.remove();
    setTimeout(leave, 8e3);
  };
  const showSwitch = () => { const box = find("#announce-arrivals"); if (box) box.checked = !silent(); };
  document.addEventListener("change", ({ target }) => {
    if (target.id !== "announce-arrivals") return;
    try { target.checked ? localStorage.removeItem("announce") : localStorage.setItem("announce", "off"); } catch {}
  });

  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.quiet) return;
    swapped = Date.now();
    typed = 0;
    showSwitch();
    showPeople();
    showCount();
    attend();
  });
  showSwitch();
  attend();
}
