// Asks the browser for a passkey and puts what it answers into the form. Without it codes are what is left.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function asked(form) {
  const options = JSON.parse(form.dataset.passkey);
  options.challenge = bytes(options.challenge);
  if (form.dataset.does === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = named(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  options.allowCredentials = named(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
}

function told(made) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[part]) response[part] = text(made.response[part]);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

for (const form of document.querySelectorAll(".passkey")) {
  if (!window.PublicKeyCredential) {
    form.remove();
    continue;
  }
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    const wrong = form.querySelector(".wrong");
    wrong.textContent = "";
    try {
      form.elements.answer.value = told(await asked(form));
      form.requestSubmit();
    } catch (error) {
      wrong.textContent = error.name === "InvalidStateError"
        ? "This passkey is enrolled already."
        : "No passkey answered. Try it again, or use a code.";
    }
  });
}
