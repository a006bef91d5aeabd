// Files of a form: chosen, dropped on it or pasted into its text, each with its size and a way to leave it out.
const MOST_FILES = 20, MOST_BYTES = 25_000_000;
const inputOf = (target) => target.closest?.("form")?.querySelector("input[type=file][name=files]");
const sizeOf = (bytes) => bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
const chosenFiles = new WeakMap();

const showFiles = (input) => {
  const form = input.form, files = [...input.files];
  const list = form.querySelector(".chosen") ?? Object.assign(document.createElement("ul"), { className: "chosen files" });
  list.setAttribute("aria-label", "Files that go with it");
  list.replaceChildren(...files.map((file, at) => {
    const item = document.createElement("li"), name = document.createElement("span"), size = document.createElement("small");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "bare", textContent: "×" });
    item.className = "file";
    name.textContent = file.name;
    size.textContent = sizeOf(file.size);
    button.setAttribute("aria-label", `Remove ${file.name}`);
    button.addEventListener("click", () => {
      setFiles(input, files.toSpliced(at, 1));
      (list.querySelectorAll("button")[Math.min(at, files.length - 2)] ?? input).focus();
    });
    item.append(name, size, button);
    return item;
  }));
  if (files.length) form.querySelector("footer").before(list);
  else list.remove();
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const most = `${MOST_FILES} files and ${sizeOf(MOST_BYTES)}`;
  const tooMuch = files.length > MOST_FILES || bytes > MOST_BYTES;
  input.setCustomValidity(tooMuch ? `These are more than ${most}. Remove some.` : "");
  const told = files.length ? `${files.length} of ${MOST_FILES} files, ${sizeOf(bytes)} of ${sizeOf(MOST_BYTES)}` : "";
  const names = form.querySelector(".names");
  if (names) names.textContent = tooMuch ? input.validationMessage : told;
  names?.classList.toggle("wrong", tooMuch);
};
const setFiles = (input, files) => {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  chosenFiles.set(input, [...input.files]);
  showFiles(input);
};
// A chooser forgets what was chosen before: what is new comes behind it.
const addFiles = (input, files) => setFiles(input, [...(chosenFiles.get(input) ?? []), ...files]);

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][name=files]")) addFiles(event.target, [...event.target.files]);
});
document.addEventListener("paste", (event) => {
  const input = event.target.matches?.("textarea") && inputOf(event.target);
  const files = [...event.clipboardData.files];
  if (!input || !files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  const before = (chosenFiles.get(input) ?? []).length;
  addFiles(input, files.map((file, at) => file.name && !/^image\.\w+$/.test(file.name) ? file
    : new File([file], `picture-${before + at + 1}.${file.type.split("/")[1]?.replace(/\W.*/, "") || "png"}`, { type: file.type })));
});
const dropsOn = (event) => event.dataTransfer?.types.includes("Files") ? inputOf(event.target) : undefined;
document.addEventListener("dragover", (event) => {
  const input = dropsOn(event);
  for (const form of document.querySelectorAll(".dropping")) if (form !== input?.form) form.classList.remove("dropping");
  if (!input) return;
  event.preventDefault();
  input.form.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) for (const form of document.querySelectorAll(".dropping")) form.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  const input = dropsOn(event);
  if (!input) return;
  event.preventDefault();
  input.form.classList.remove("dropping");
  addFiles(input, [...event.dataTransfer.files]);
});
document.addEventListener("htmx:after:swap", () => {
  for (const input of document.querySelectorAll("input[type=file][name=files]")) {
    chosenFiles.set(input, [...input.files]);
    showFiles(input);
  }
});
