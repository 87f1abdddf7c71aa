const height = (x: number) => 0.45 * Math.sin(3 * x) + 0.55;
const across = (x: number) => ((x + 1.2) / 1.8) * 600;
const down = (y: number) => 400 - y * 333;

/** The car of both mountain cars on its hill, with the flag at `goal`: content of a picture of 600 × 400. */
export function hillPicture(position: number, goal: number): string {
  const points = Array.from({ length: 61 }, (_, k) => -1.2 + (1.8 * k) / 60).map(
    (x) => `${across(x).toFixed(1)},${down(height(x)).toFixed(1)}`,
  );
  const slope = (-Math.atan(Math.cos(3 * position)) * 180) / Math.PI;
  const flag = down(height(goal));
  return (
    `<polyline points="${points.join(' ')}" fill="none" class="ground"/>` +
    `<path d="M${across(goal).toFixed(1)} ${flag.toFixed(1)}v-50l25 10l-25 10" class="goal"/>` +
    `<g transform="translate(${across(position).toFixed(2)} ${down(height(position)).toFixed(2)}) rotate(${slope.toFixed(1)})">` +
    '<rect x="-20" y="-26" width="40" height="20" rx="4" class="body"/>' +
    '<circle cx="-11" cy="-6" r="6" class="joint"/><circle cx="11" cy="-6" r="6" class="joint"/></g>'
  );
}
