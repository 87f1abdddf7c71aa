import { type Html, html, trusted } from './html.ts';
import { clip } from './number-words.ts';

/** One part of the page. */
export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  /** `empty`: the run has nothing for it; the body is a line that says why. */
  readonly state: 'shown' | 'empty';
  readonly body: Html;
}

export function emptySection(id: string, title: string, reason: string): Section {
  return { id, title, state: 'empty', body: html`<p class="none">${reason}</p>` };
}

/** Widths at which a picture is drawn: for a column of the page, and for a phone. */
const WIDE = 520;
const NARROW = 340;

export interface Figure {
  readonly caption: string;
  /** A sentence below the picture. */
  readonly note?: string | Html | undefined;
  /** Draws the picture at a width in pixels. */
  draw(width: number): string;
}

/** A picture with its caption, drawn twice so that letters keep their size on a phone. Gives way to the event loop first. */
export async function figure({ caption, note, draw }: Figure): Promise<Html> {
  await new Promise((resolve) => setImmediate(resolve));
  const wide = trusted(draw(WIDE));
  await new Promise((resolve) => setImmediate(resolve));
  const narrow = trusted(draw(NARROW));
  return html`<figure><figcaption>${caption}</figcaption><div class="wide">${wide}</div><div class="narrow">${narrow}</div>${
    note !== undefined && html`<p class="note">${note}</p>`
  }</figure>`;
}

export interface Cell {
  readonly content: Html | string;
  readonly tone?: 'muted' | 'warn' | 'strong' | undefined;
}

export interface TableColumn {
  readonly title: string;
  /** Default `text`. */
  readonly kind?: 'text' | 'number' | undefined;
}

/** A table that scrolls within its own frame where the page is narrow. The first cell of a row names it. */
export function table(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly (Cell | Html | string)[])[],
  { hideCaption = false }: { readonly hideCaption?: boolean } = {},
): Html {
  const head = columns.map(
    ({ title, kind }) => html`<th scope="col" class="${kind ?? 'text'}">${title}</th>`,
  );
  const body = rows.map((row) => html`<tr>${row.map((cell, j) => tableCell(cell, columns[j]!, j))}</tr>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption${
    hideCaption && trusted(' class="unseen"')
  }>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function tableCell(cell: Cell | Html | string, { kind = 'text' }: TableColumn, column: number): Html {
  const { content, tone } =
    typeof cell === 'object' && 'content' in cell ? cell : { content: cell, tone: undefined };
  const classes = tone === undefined ? kind : `${kind} ${tone}`;
  return column === 0
    ? html`<th scope="row" class="${classes}">${content}</th>`
    : html`<td class="${classes}">${content}</td>`;
}

/** A name from the data: cut where it is long (the whole is its tooltip), its direction of writing kept to itself. */
export function nameHtml(name: string, length = 48): Html {
  const shown = clip(name, length);
  return shown === name ? html`<bdi>${name}</bdi>` : html`<bdi title="${clip(name, 500)}">${shown}</bdi>`;
}

/** Parts side by side where there is room. */
export function columns(...parts: readonly (Html | false | undefined)[]): Html {
  return html`<div class="columns">${parts}</div>`;
}
