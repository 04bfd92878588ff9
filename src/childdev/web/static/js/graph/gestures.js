// The page must go on scrolling over the picture: the wheel comes closer only with Ctrl, and on a touch screen one finger
// moves the page until people ask to move the picture; two fingers always move it.

/** Make a holder listen to wheel and fingers; gives a switch for moving with one finger. */
export function gestures(holder, picture) {
  const place = ({ clientX, clientY }) => {
    const { left, top } = holder.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  holder.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      picture.camera.zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 200), place(event));
    },
    { passive: false },
  );
  fingers(holder, picture, place);
  holder.addEventListener(
    "pointerdown",
    (event) => {
      const free = event.pointerType === "mouse" || holder.classList.contains("moving");
      picture.network.setOptions({ interaction: { dragNodes: free, dragView: free } });
    },
    { capture: true },
  );
  return (on) => holder.classList.toggle("moving", on);
}

function fingers(holder, picture, place) {
  let last = null;
  const both = (event) => {
    const [a, b] = [...event.touches].slice(0, 2).map(place);
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
  };
  holder.addEventListener("touchstart", (event) => (last = event.touches.length === 2 ? both(event) : null), { passive: true });
  holder.addEventListener(
    "touchmove",
    (event) => {
      if (event.touches.length !== 2 || !last) return;
      event.preventDefault();
      const now = both(event);
      picture.camera.pan(now.x - last.x, now.y - last.y);
      picture.camera.zoom(now.apart / (last.apart || 1), now);
      last = now;
    },
    { passive: false },
  );
  holder.addEventListener("touchend", () => (last = null));
}
