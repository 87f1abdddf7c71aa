import { createHash } from 'node:crypto';
import { chartStyle } from '../../draw/theme.ts';
import { type Html, html, trusted } from './html.ts';
import { pageStyle } from './page-style.ts';
import type { Section } from './section.ts';

export interface Page {
  readonly title: string;
  readonly header: Html;
  readonly sections: readonly Section[];
  readonly footer: Html;
}

/**
 * One HTML file that needs nothing else. Its content security policy lets no script, no request and no style through but the
 * two that heddle wrote, known by their hashes, so that even markup that slipped in from the data could do nothing.
 */
export function page({ title, header, sections, footer }: Page): string {
  const styles = [pageStyle, chartStyle].map(
    (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  const policy = `default-src 'none'; style-src ${styles.join(' ')}; base-uri 'none'; form-action 'none'`;
  const links = sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`);
  const body = sections.map(
    ({ id, title: name, state, body: content }) =>
      html`<section id="${id}" class="${state}" aria-labelledby="${id}-title"><h2 id="${id}-title">${name}</h2>${content}</section>\n`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
${header}
${sections.length > 1 && html`<nav aria-label="Sections"><ul>${links}</ul></nav>`}
<main>
${body}</main>
<footer>${footer}</footer>
</body>
</html>
`.markup;
}
