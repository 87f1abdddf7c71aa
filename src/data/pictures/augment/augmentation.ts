import { z } from 'zod';
import { option } from '../../../core/options.ts';

const share = (most: number) => z.number().min(0).max(most).default(0);

/** What training does to a picture each time it sees it; every amount is the most, drawn anew for each picture. */
export const augmentationOptions = z.strictObject({
  flip: option(
    z.enum(['none', 'horizontal', 'vertical', 'both']).default('none'),
    'Mirror half of the pictures. Not for text and digits, which mean something else then.',
  ),
  shift: option(share(0.5), 'Move by a share of the width and of the height.'),
  rotate: option(z.number().min(0).max(180).default(0), 'Turn by degrees, either way.'),
  zoom: option(share(0.9), 'Enlarge or reduce by a share.'),
  crop: option(share(0.9), 'Cut a share of the sides off somewhere, and enlarge what is left.'),
  colour: option(
    share(1),
    'Change brightness, contrast, saturation and hue; 1 is as far as doubling, halving and a third of the colour circle.',
  ),
  outline: option(
    share(1),
    'Darken edges, as if contours were drawn with a pen; 1 makes strong edges black.',
  ),
  erase: option(share(0.9), 'Blank a rectangle with sides of up to a share of those of the picture.'),
  mixup: option(
    z.number().min(0).default(0),
    'Lay pictures over one another two by two, and their classes with them, in parts drawn from Beta(mixup, mixup).',
  ),
});

export type Augmentation = z.output<typeof augmentationOptions>;

export const augmentationPresets = {
  none: augmentationOptions.parse({}),
  light: augmentationOptions.parse({ shift: 0.08, rotate: 8, zoom: 0.08, colour: 0.1 }),
  strong: augmentationOptions.parse({
    ...{ flip: 'horizontal', shift: 0.12, rotate: 15, zoom: 0.2, crop: 0.15, colour: 0.4, erase: 0.3 },
    mixup: 0.2,
  }),
} as const satisfies Record<string, Augmentation>;

export const augmentationSchema = z.union([z.enum(['none', 'light', 'strong']), augmentationOptions]);

/** The amounts that an option asks for. */
export function augmentationOf(given: z.output<typeof augmentationSchema>): Augmentation {
  return typeof given === 'string' ? augmentationPresets[given] : given;
}
