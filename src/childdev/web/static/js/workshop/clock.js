// The clock of a phase. It is told in words once a minute at most, never as an alarm.
import { clock } from "./words.js";

/** Keep the clocks in `places` going. */
export function runClock(room, places) {
  const show = () => {
    const ends = room.state.timer?.ends_at;
    const left = ends ? Date.parse(ends) - room.now() : null;
    for (const place of places) {
      place.hidden = left === null;
      const words = left === null ? "" : clock(left);
      if (place.textContent !== words) place.textContent = words;
      place.classList.toggle("soon", left !== null && left < 60_000);
    }
  };
  room.watch(show);
  setInterval(show, 1000);
}
