/** What Plot hands to a mark that is a function. */
interface MarkContext {
  readonly document: { createElementNS(space: string, name: string): MarkElement };
}

interface MarkElement {
  setAttribute(name: string, value: string): void;
  append(...nodes: MarkElement[]): void;
}

type Scale = (value: number) => number;

const DOTS_PER_PATH = 64;

/**
 * Many dots in few bytes: each is a line of length 0 with a round end, and a path holds 64 of them. Within a path dots do not
 * darken one another, between paths they do.
 */
export function dotsMark(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { color, radius, opacity }: { readonly color: string; readonly radius: number; readonly opacity: number },
): (
  index: unknown,
  scales: { x: Scale; y: Scale },
  values: unknown,
  dimensions: unknown,
  context: MarkContext,
) => MarkElement {
  return (_index, scales, _values, _dimensions, { document }) => {
    const make = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name);
    const group = make('g');
    group.setAttribute('fill', 'none');
    group.setAttribute('stroke', color);
    group.setAttribute('stroke-width', String(2 * radius));
    group.setAttribute('stroke-linecap', 'round');
    group.setAttribute('stroke-opacity', String(opacity));
    const tenths = (value: number) => Math.round(value * 10) / 10;
    // Neighbours in the data often overlap in the picture, so a path takes every k-th dot.
    const paths = Math.ceil(x.length / DOTS_PER_PATH);
    for (let path = 0; path < paths; path++) {
      let d = '';
      for (let i = path; i < x.length; i += paths)
        d += `M${tenths(scales.x(x[i]!))},${tenths(scales.y(y[i]!))}h0`;
      const node = make('path');
      node.setAttribute('d', d);
      group.append(node);
    }
    return group;
  };
}
