import { stat } from 'node:fs/promises';
import { isPictureName } from '../../data/pictures/list-pictures.ts';

/** Whether DATA of a command means pictures: a folder, or a file that calls itself one. */
export async function isPicturePlace(data: string): Promise<boolean> {
  return isPictureName(data) || isFolder(data);
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** What help says of pictures. */
export const pictureNote =
  'DATA may be pictures too: a folder that holds one folder for each class, and for predict also a picture or any folder of them ' +
  '(PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG). What cannot be read is skipped and told.';
