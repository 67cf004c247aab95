// Ways: links like "?vy=granska&typ=target", and points of charts that carry one. They are followed without loading the
// page anew, by writing them where the page listens; opened elsewhere they work as any address does.
(() => {
  "use strict";

  // Writes where a handler listens. The number makes the same words, written twice, two messages.
  let told = 0;
  window.styrsignalTell = (name, words) => {
    const box = document.querySelector(`#${CSS.escape(name)} :is(textarea, input)`);
    if (!box) return false;
    const kind = box instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(box, `${words}#${++told}`);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
  const follow = (way) => window.styrsignalTell(`way-${new URLSearchParams(way).get("vy")}`, way);

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element && event.target.closest('a[href^="?vy="]');
    if (link && follow(link.getAttribute("href"))) event.preventDefault();
  });

  // Gradio's Plot tells of no clicks; Plotly itself does. A chart that is drawn anew may be a new element.
  const heard = new WeakSet();
  const listen = () =>
    document.querySelectorAll(".js-plotly-plot").forEach((plot) => {
      if (heard.has(plot) || typeof plot.on !== "function") return;
      heard.add(plot);
      plot.on("plotly_click", (event) => {
        const way = event.points[0]?.customdata;
        if (typeof way === "string" && way.startsWith("?vy=")) follow(way);
      });
    });
  new MutationObserver(listen).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
})();
