// Keys, and what the page must tell screen readers. Served as a file: the content policy allows no inline script.
(() => {
  "use strict";

  // Gradio words its own controls in the browser's language; here the page's language decides.
  const language = document.currentScript.dataset.language;
  Object.defineProperty(navigator, "language", { get: () => language });
  Object.defineProperty(navigator, "languages", { get: () => [language] });

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=range])"));

  const shown = (element) => element.offsetParent !== null && !element.disabled;

  // A button says which keys press it in its class names: key-b, key-escape.
  const buttonFor = (key) =>
    [...document.querySelectorAll(`button.key-${CSS.escape(key.toLowerCase())}`)].find(shown);

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const button = buttonFor(event.key);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // The chosen pair stays in view, and messages are read aloud.
  const tend = () => {
    document.querySelectorAll(".live:not([aria-live])").forEach((element) => {
      if (element.parentElement.closest("[aria-live]")) return;
      element.setAttribute("role", "status");
      element.setAttribute("aria-live", "polite");
    });
    // Gradio names its empty boxes, which WCAG forbids on an element without a role.
    document.querySelectorAll("div.empty[aria-label]:not([role])").forEach((box) => box.removeAttribute("aria-label"));
    document.querySelectorAll(".queue label.selected:not([data-seen])").forEach((label) => {
      document.querySelectorAll(".queue label[data-seen]").forEach((old) => delete old.dataset.seen);
      label.dataset.seen = "";
      const list = label.parentElement;
      const top = label.offsetTop - list.offsetTop;
      if (top < list.scrollTop || top + label.offsetHeight > list.scrollTop + list.clientHeight)
        list.scrollTop = top - list.clientHeight / 3;
    });
  };
  new MutationObserver(tend).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
})();
