/** Emoji artwork of five makers, fetched when it is first needed and kept in a folder that the repository ignores. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../.cache/emoji/', import.meta.url));

/** Those of whom each is held out in turn. */
export const makers = ['google', 'twitter', 'openmoji'] as const;
/** Those that are learned from only; their sets are smaller. */
const others = ['fluent', 'emojione'] as const;
export const allMakers = [...makers, ...others] as const;
export type Maker = (typeof makers)[number];
export type AnyMaker = (typeof allMakers)[number];

interface Source {
  readonly name: string;
  readonly version: string;
  /** Where its pictures are: a folder, or a file that holds them as SVG. */
  readonly folder: string;
  readonly extension: string;
  readonly credit: string;
}

const sources: Readonly<Record<AnyMaker, Source>> = {
  google: {
    ...{ name: 'emoji-datasource-google', version: '16.0.0', folder: 'img/google/64', extension: 'png' },
    credit: 'Noto Emoji by Google, Apache License 2.0 (from emoji-datasource by Cal Henderson, MIT)',
  },
  twitter: {
    ...{ name: 'emoji-datasource-twitter', version: '16.0.0', folder: 'img/twitter/64', extension: 'png' },
    credit: 'Twemoji by Twitter and contributors, CC BY 4.0 (from emoji-datasource by Cal Henderson, MIT)',
  },
  openmoji: {
    ...{ name: 'openmoji', version: '17.0.0', folder: 'color/svg', extension: 'svg' },
    credit: 'OpenMoji, the open-source emoji and icon project, CC BY-SA 4.0',
  },
  fluent: {
    ...{ name: '@iconify-json/fluent-emoji-flat', version: '1.2.6', folder: 'icons.json', extension: 'svg' },
    credit: 'Fluent Emoji by Microsoft Corporation, MIT (from Iconify)',
  },
  emojione: {
    ...{ name: '@iconify-json/emojione', version: '1.2.3', folder: 'icons.json', extension: 'svg' },
    credit: 'Emoji One 2.3, CC BY 4.0 (from Iconify)',
  },
};

/** What the licences ask to be said. */
export const credits: readonly string[] = allMakers.map((maker) => sources[maker].credit);

/** The cats: the nine faces of a cat, and cat face, cat and black cat among the animals. Tigers, lions and leopards are no house cats. */
const cats = new Set(
  '1F638 1F639 1F63A 1F63B 1F63C 1F63D 1F63E 1F63F 1F640 1F431 1F408 1F408-200D-2B1B'.split(' '),
);

/** The character of a picture's file, and its name. */
export function emojiOf(file: string, names: ReadonlyMap<string, string>): string {
  const code = file.split('/').at(-1)!.split('.')[0]!;
  const text = String.fromCodePoint(...code.split('-').map((point) => Number.parseInt(point, 16)));
  return `${text} ${(names.get(code) ?? code).toLowerCase()}`;
}

export interface Artwork {
  /** A folder for each maker, which holds the folder `cat` and one for each other kind of emoji, such as `animal-mammal`. */
  readonly folders: Readonly<Record<AnyMaker, string>>;
  /** Name by code. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Lays the pictures of all emoji that the three makers have in common out, and what the others have of these: a folder for the cats, and one for each kind of emoji as Unicode
 * sorts them. Variants by skin tone are left out: they are the same drawings.
 */
export function emojiArtwork(): Artwork {
  for (const maker of allMakers) fetchPackage(sources[maker]);
  const list: readonly {
    unified: string;
    non_qualified: string | null;
    name: string;
    image: string;
    subcategory: string;
  }[] = JSON.parse(readFileSync(join(cache, sources.google.name, 'package/emoji.json'), 'utf8'));
  const names = new Map(list.map(({ unified, name }) => [unified, name]));
  const common = list.flatMap((emoji) => {
    const found = makers.map((maker) => {
      const { name, folder, extension } = sources[maker];
      const file = (code: string) => join(cache, name, 'package', folder, `${code}.${extension}`);
      const plain = emoji.unified.replaceAll('-FE0F', '');
      const candidates =
        maker === 'openmoji'
          ? [emoji.unified, emoji.non_qualified ?? plain, plain].map(file)
          : [file(emoji.image.slice(0, -4))];
      return candidates.find((path) => existsSync(path));
    });
    return found.every((path) => path !== undefined)
      ? [{ code: emoji.unified, name: emoji.name, kind: emoji.subcategory, found }]
      : [];
  });
  const folders = Object.fromEntries(allMakers.map((maker) => [maker, join(cache, 'pictures', maker)]));
  const labelOf = ({ code, kind }: { readonly code: string; readonly kind: string }) =>
    cats.has(code) ? 'cat' : kind;
  for (const [k, maker] of makers.entries()) {
    if (existsSync(folders[maker]!)) continue;
    const partial = `${folders[maker]}.part`;
    rmSync(partial, { recursive: true, force: true });
    for (const { code, kind, found } of common) {
      const label = labelOf({ code, kind });
      mkdirSync(join(partial, label), { recursive: true });
      copyFileSync(found[k]!, join(partial, label, `${code}.${sources[maker].extension}`));
    }
    renameSync(partial, folders[maker]!);
  }
  const drawings = Object.fromEntries(others.map((maker) => [maker, readIcons(sources[maker].name)]));
  for (const maker of others) {
    if (existsSync(folders[maker]!)) continue;
    const partial = `${folders[maker]}.part`;
    rmSync(partial, { recursive: true, force: true });
    for (const emoji of common) {
      // Fluent says which character a drawing is of; Emoji One calls it by the name of the character, of this or an earlier Unicode.
      const code = emoji.code.toLowerCase();
      const known = drawings.fluent!.names[code] ?? drawings.fluent!.names[code.replaceAll('-fe0f', '')];
      const old = emoji.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const called = maker === 'fluent' ? [known] : [known, known && `${known}-face`, old];
      const svg = called.map((name) => name && drawings[maker]!.svg(name)).find((text) => text !== undefined);
      if (!svg) continue;
      mkdirSync(join(partial, labelOf(emoji)), { recursive: true });
      writeFileSync(join(partial, labelOf(emoji), `${emoji.code}.svg`), svg);
    }
    renameSync(partial, folders[maker]!);
  }
  return { folders: folders as Artwork['folders'], names };
}

/** The drawings of a package of Iconify. */
function readIcons(name: string): {
  /** Names by character code, where the package tells them. */
  readonly names: Readonly<Record<string, string>>;
  svg(name: string): string | undefined;
} {
  const read = (file: string) => JSON.parse(readFileSync(join(cache, name, 'package', file), 'utf8'));
  const { icons, aliases = {}, width, height } = read('icons.json');
  return {
    names: read('chars.json'),
    svg(called) {
      const icon = icons[aliases[called]?.parent ?? called];
      if (icon === undefined) return undefined;
      const box = `0 0 ${icon.width ?? width} ${icon.height ?? height}`;
      const links = 'xmlns:xlink="http://www.w3.org/1999/xlink"';
      return `<svg xmlns="http://www.w3.org/2000/svg" ${links} width="96" height="96" viewBox="${box}">${icon.body}</svg>`;
    },
  };
}

function fetchPackage({ name, version, folder }: Source): void {
  const place = join(cache, name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  const archive = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
  if (!existsSync(join(cache, archive))) {
    process.stderr.write(`fetching ${name} ${version} into .cache/emoji (once; up to 75 MB) …\n`);
    execFileSync('npm', ['pack', `${name}@${version}`, '--silent'], {
      cwd: cache,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const partial = `${place}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  const beside =
    name === 'emoji-datasource-google' ? ['emoji.json'] : folder === 'icons.json' ? ['chars.json'] : [];
  const wanted = [folder, ...beside].map((file) => `package/${file}`);
  execFileSync('tar', ['xzf', archive, '-C', partial, ...wanted], { cwd: cache });
  renameSync(partial, place);
}
