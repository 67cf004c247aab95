// Keys, and what the page must tell screen readers. Served as a file: the content policy allows no inline script.
(() => {
  "use strict";

  // Gradio words its own controls in the browser's language; here the page's language decides.
  const { language, more } = document.currentScript.dataset;
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

  // Two buttons lead to where one writes, by mouse and by key.
  const fields = { "do-note": "#comment textarea", "do-search": "#words textarea, #words input" };
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[id]") : null;
    const field = button && fields[button.id] ? document.querySelector(fields[button.id]) : null;
    if (!field) return;
    field.focus();
    field.select();
  });

  // The chosen pair stays in view, and messages are read aloud.
  const tend = () => {
    document.querySelectorAll(".live:not([aria-live])").forEach((element) => {
      if (element.parentElement.closest("[aria-live]")) return;
      element.setAttribute("role", "status");
      element.setAttribute("aria-live", "polite");
    });
    // Where the window is narrow, Gradio puts tabs behind a button that it names in English.
    document.querySelectorAll(".overflow-menu > button").forEach((button) => button.setAttribute("aria-label", more));
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

  // The text of a document. Gradio makes a button of every stretch; here only the marked ones are, each with the short
  // form of its frame, and whoever is chosen is in view. Gradio's own arrow keys go between what has the role.
  let scrolled = null;
  const tendText = (text) => {
    const hints = document.querySelectorAll("#document-hints li");
    const tokens = [...text.querySelectorAll(".token")];
    const marks = tokens.filter((token) => token.classList.contains("highlighted"));
    tokens.forEach((token) => {
      if (token.classList.contains("highlighted")) return;
      ["role", "tabindex", "title", "aria-pressed"].forEach((name) => token.removeAttribute(name));
    });
    const stop =
      marks.find((mark) => mark === document.activeElement) ?? marks.find((mark) => mark.tabIndex === 0) ?? marks[0];
    const chosen = marks.filter((mark) => mark.style.backgroundColor.includes("37, 99, 235"));
    marks.forEach((mark, at) => {
      mark.setAttribute("role", "button");
      mark.setAttribute("tabindex", mark === stop ? "0" : "-1");
      mark.setAttribute("aria-pressed", String(chosen.includes(mark)));
      if (hints.length === marks.length) mark.setAttribute("title", hints[at].textContent.trim());
    });
    const seen = (mark) => {
      const box = mark.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    };
    if (chosen.length && chosen[0] !== scrolled && !chosen.some(seen)) chosen.at(-1).scrollIntoView({ block: "center" });
    scrolled = chosen[0] ?? null;
    // A frame taller than the window scrolls by itself, by keyboard too.
    const frame = document.getElementById("signal-frame");
    if (frame && frame.scrollHeight > frame.clientHeight) frame.setAttribute("tabindex", "0");
    else frame?.removeAttribute("tabindex");
  };
  const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "style"] };
  const watched = new WeakSet();
  const watch = () => {
    const text = document.getElementById("document-text");
    ["document-text", "document-hints", "signal-frame"].map((id) => document.getElementById(id)).forEach((element) => {
      if (!text || !element || watched.has(element)) return;
      watched.add(element);
      new MutationObserver(() => tendText(document.getElementById("document-text") ?? text)).observe(element, changes);
      tendText(text);
    });
  };
  new MutationObserver(watch).observe(document, { subtree: true, childList: true });
  new MutationObserver(tend).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
})();
