// The browser's time zone, offered once: until one is chosen, times are shown in the customer's.
const offerZone = () => {
  const offer = document.querySelector("#zone-offer");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!offer || !here || here === offer.dataset.zone) return;
  for (const place of offer.querySelectorAll(".there")) place.textContent = here.replaceAll("_", " ");
  offer.querySelector(".go").value = here;
  offer.hidden = false;
};
document.addEventListener("htmx:after:swap", offerZone);
offerZone();
