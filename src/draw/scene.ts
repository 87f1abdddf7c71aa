import { fontFamily } from './theme.ts';

/** What a scene is drawn with: the classes that its elements may have. */
export const sceneStyle =
  `.heddle-scene{display:block;max-width:100%;height:auto;font-family:${fontFamily};font-size:13px}` +
  '.heddle-scene .ground{stroke:currentColor;stroke-width:2;fill:none}' +
  '.heddle-scene .body{fill:var(--chart-1,#3d7dd8)}' +
  '.heddle-scene .limb{stroke:var(--chart-2,#d0741d);stroke-linecap:round}' +
  '.heddle-scene .joint{fill:var(--chart-muted,#858b94)}' +
  '.heddle-scene .cell{fill:var(--chart-muted,#858b94);fill-opacity:.15}' +
  '.heddle-scene .pit{fill:var(--chart-muted,#858b94);fill-opacity:.75}' +
  '.heddle-scene .target{fill:var(--chart-3,#1d9a83);fill-opacity:.45}' +
  '.heddle-scene .agent{fill:var(--chart-1,#3d7dd8)}' +
  '.heddle-scene .goal{fill:var(--chart-2,#d0741d)}' +
  '.heddle-scene .worth{fill:var(--chart-1,#3d7dd8)}' +
  '.heddle-scene .letter{fill:currentColor;fill-opacity:.7;font-size:11px}' +
  '.heddle-scene .number{fill:currentColor;text-anchor:middle;font-size:11px}' +
  '.heddle-scene .arrow{stroke:currentColor;stroke-width:1.6;fill:none;stroke-linecap:round;stroke-linejoin:round}';

export interface SceneOptions {
  readonly width: number;
  readonly height: number;
  /** What the picture shows, for those who cannot see it. */
  readonly title: string;
}

/** A scene (elements with the classes of {@link sceneStyle}) as an SVG picture. */
export function sceneToSvg(content: string, { width, height, title }: SceneOptions): string {
  const name = escapeXml(title);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="heddle-scene" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" fill="currentColor" role="img" aria-label="${name}"><title>${name}</title>` +
    `<style>${sceneStyle}</style>${content}</svg>`
  );
}

/** Scenes one after another, over and over; what all begin with is written once. */
export function animateScenes(
  scenes: readonly string[],
  options: SceneOptions & { readonly framesPerSecond: number },
): string {
  if (scenes.length <= 1) return sceneToSvg(scenes[0] ?? '', options);
  const shared = sharedElements(scenes);
  const seconds = scenes.length / options.framesPerSecond;
  const at = (k: number) => Number((k / scenes.length).toFixed(5));
  const frames = scenes.map((scene, k) => {
    // Hidden, then visible for its part of the time, then hidden again.
    const times = k === 0 ? `0;${at(1)}` : k === scenes.length - 1 ? `0;${at(k)}` : `0;${at(k)};${at(k + 1)}`;
    const values =
      k === 0 ? 'visible;hidden' : k === scenes.length - 1 ? 'hidden;visible' : 'hidden;visible;hidden';
    return (
      `<g visibility="${k === 0 ? 'visible' : 'hidden'}"><animate attributeName="visibility" dur="${Number(seconds.toFixed(3))}s" ` +
      `values="${values}" keyTimes="${times}" calcMode="discrete" repeatCount="indefinite"/>${scene.slice(shared)}</g>`
    );
  });
  return sceneToSvg(scenes[0]!.slice(0, shared) + frames.join(''), options);
}

/** Length of the whole elements with which all scenes begin. */
function sharedElements(scenes: readonly string[]): number {
  const [first, ...others] = scenes as [string, ...string[]];
  let same = first.length;
  for (const other of others) {
    let k = 0;
    while (k < same && other[k] === first[k]) k++;
    same = k;
  }
  let depth = 0;
  let whole = 0;
  for (const { 0: tag, index } of first.slice(0, same).matchAll(/<[^>]*>/g)) {
    if (tag.startsWith('</')) depth--;
    else if (!tag.endsWith('/>')) depth++;
    if (depth === 0) whole = index + tag.length;
  }
  return whole;
}

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
