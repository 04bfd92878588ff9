// The picture as an image, with its title, what the signs mean, the version, and who made it.
import { FACE } from "./colours.js";
import { Picture } from "./picture.js";

const LARGEST = 12_000; // pixels on a side; browsers draw nothing on larger sheets
const EDGE = 24;

/** What is seen now, as a PNG. */
export const seen = (picture, legend) => sheet(picture.network.canvas.frame.canvas, picture, legend, devicePixelRatio);

/** All of a picture as a PNG, at twice its size or as large as an image can be. */
export async function whole(picture, legend) {
  const { left, right, top, bottom } = picture.camera.all;
  const [w, h] = [right - left, bottom - top];
  const scale = Math.min(2, LARGEST / w, LARGEST / h);
  const holder = document.createElement("div");
  holder.className = "drawn-apart";
  holder.style.width = `${(w * scale) / devicePixelRatio}px`;
  holder.style.height = `${(h * scale) / devicePixelRatio}px`;
  document.body.append(holder);
  try {
    const apart = new Picture(holder, picture.data);
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 };
    apart.network.moveTo({ position, scale: scale / devicePixelRatio, animation: false });
    apart.network.redraw();
    const made = await sheet(apart.network.canvas.frame.canvas, picture, legend, scale);
    apart.close();
    return made;
  } finally {
    holder.remove();
  }
}

function sheet(drawn, picture, legend, unit) {
  const width = Math.max(drawn.width, Math.round(640 * unit)) + 2 * Math.round(EDGE * unit);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const { data, colours } = picture;
  const room = width - 2 * EDGE * unit;
  const title = rows(context, data.title, 24 * unit, room);
  const said = [data.hidden.sentence, legend, `childdev · model version ${data.version} · ${location.origin}${data.url}`];
  const foot = said.flatMap((words) => rows(context, words, 14 * unit, room));
  const [above, below] = [EDGE + 32 * title.length, EDGE + 21 * foot.length].map((n) => Math.round(n * unit));
  canvas.width = width;
  canvas.height = above + drawn.height + below + Math.round(EDGE * unit);
  context.fillStyle = colours.soft;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, Math.round(EDGE * unit), above);
  context.textBaseline = "top";
  context.fillStyle = colours.ink;
  context.font = `700 ${24 * unit}px ${FACE}`;
  for (const [i, row] of title.entries()) context.fillText(row, EDGE * unit, (16 + 32 * i) * unit);
  context.fillStyle = colours.quiet;
  context.font = `${14 * unit}px ${FACE}`;
  for (const [i, row] of foot.entries()) context.fillText(row, EDGE * unit, above + drawn.height + (16 + 21 * i) * unit);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function rows(context, words, size, width) {
  context.font = `${size}px ${FACE}`;
  const found = [""];
  for (const word of words.split(/\s+/)) {
    const longer = found.at(-1) ? `${found.at(-1)} ${word}` : word;
    if (found.at(-1) && context.measureText(longer).width > width * 0.94) found.push(word);
    else found[found.length - 1] = longer;
  }
  return found;
}

/** Hand an image to the person. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
