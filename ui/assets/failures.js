// Gradio shows no message when a handler that is called at once (without its queue) refuses or fails, nor when the
// session has ended. Here it is shown, and read aloud.
(() => {
  "use strict";

  const SECONDS = 12;
  const LETTERS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  const plain = (text) => text.replace(/&(?:lt|gt|quot|#x27|amp);/g, (mark) => LETTERS[mark]);

  const show = (text) => {
    document.querySelector(".failure")?.remove();
    const box = document.createElement("div");
    box.className = "failure";
    box.setAttribute("role", "alert");
    box.textContent = plain(text);
    document.body.append(box);
    setTimeout(() => box.remove(), SECONDS * 1000);
  };

  const told = async (answer) => {
    try {
      const { error } = await answer.json();
      if (error) show(error);
    } catch {
      // no message of ours
    }
  };

  const ask = window.fetch;
  window.fetch = async (...request) => {
    const answer = await ask(...request);
    const direct = answer.url.includes("/gradio_api/run/");
    if ((answer.status === 500 && direct) || answer.status === 401) told(answer.clone());
    return answer;
  };
})();
