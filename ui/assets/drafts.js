// A comment that is being typed is kept once in a while, not at every key; and at once when its field is left.
(() => {
  "use strict";

  const PAUSE_MS = 1000;
  let waiting = null;
  const keep = () => {
    clearTimeout(waiting);
    waiting = null;
    window.styrsignalTell("comment-typed", "");
  };
  const isComment = (element) => element instanceof Element && element.closest("#comment");
  document.addEventListener("input", (event) => {
    if (isComment(event.target)) waiting ??= setTimeout(keep, PAUSE_MS);
  });
  document.addEventListener("focusout", (event) => {
    if (waiting !== null && isComment(event.target)) keep();
  });
})();
