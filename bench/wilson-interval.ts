/** The 95% interval of a share by E. B. Wilson, "Probable inference" (1927): it holds for few counts and for none. */
export function wilsonInterval(count: number, of: number): [number, number] {
  const z = 1.96;
  const share = count / of;
  const centre = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
