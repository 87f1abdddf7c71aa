import { text } from '../flags.ts';

/** The flag of every command that uses a registry. */
export const registryFlag = {
  registry: text('DIR', 'Folder of the registry; by default HEDDLE_REGISTRY, else ./registry'),
};

/** The folder of the registry that a command uses. */
export function registryFolder({ registry }: { readonly registry?: string | undefined }): string {
  return registry ?? (process.env.HEDDLE_REGISTRY || 'registry');
}
