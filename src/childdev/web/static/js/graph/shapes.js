// Small forms that stand beside colours, so that colour is never the only sign.

/** Draw the mark of a family of domains around a middle, in the colour that is set. */
export function mark(context, family, x, y, r) {
  context.beginPath();
  if (family === "body") context.arc(x, y, r, 0, 2 * Math.PI);
  else if (family === "talk") context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (family === "thinking") polygon(context, x, y, [[0, -1], [1.05, 0.9], [-1.05, 0.9]], r);
  else if (family === "feelings") polygon(context, x, y, [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]], r);
  else if (family === "together")
    polygon(context, x, y, [[-0.55, -0.95], [0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95], [-1.1, 0]], r);
  context.fill();
}

function polygon(context, x, y, points, r) {
  for (const [i, [dx, dy]] of points.entries()) context[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r);
  context.closePath();
}

/** The outline of a box: features have small round corners, what helps is a pill, everything else has cut corners. */
export function outline(context, kind, x, y, w, h) {
  context.beginPath();
  if (kind === "feature") context.roundRect(x, y, w, h, 6);
  else if (kind === "environment") context.roundRect(x, y, w, h, h / 2);
  else {
    const cut = 10;
    context.moveTo(x + cut, y);
    context.lineTo(x + w - cut, y);
    context.lineTo(x + w, y + cut);
    context.lineTo(x + w, y + h - cut);
    context.lineTo(x + w - cut, y + h);
    context.lineTo(x + cut, y + h);
    context.lineTo(x, y + h - cut);
    context.lineTo(x, y + cut);
    context.closePath();
  }
}
