// Follows a release that is being made, and goes on when it is over or a step further.
const steps = document.getElementById("steps");

async function look() {
  try {
    const answer = await fetch("/releases/progress.json", { headers: { Accept: "application/json" } });
    const { step, over } = await answer.json();
    if (over) {
      location.replace("/releases/progress");
      return;
    }
    [...steps.children].forEach((item, i) => {
      const words = item.textContent.replace(/: done$| …$/, "");
      item.textContent = words + (i < step ? ": done" : i === step ? " …" : "");
      item.className = i < step ? "yes" : i === step ? "now" : "";
      if (i === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
  } catch {
    // no network for a moment: the next look tells
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
