import { FileError } from './errors.ts';

/** What was being done to the file when the system refused. */
export type FileAction = 'read' | 'write';

/** Turns an error of the file system into a {@link FileError} that names the path and says what to do. */
export function fileErrorFrom(error: unknown, path: string, action: FileAction): FileError {
  const system = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const [code, reason] = explain(system, path, action) ?? [
    `file/${action}-failed`,
    `${error instanceof Error ? error.message : String(error)}.`,
  ];
  return new FileError(code, `Cannot ${action} '${path}': ${reason}`, { file: path, system }, error);
}

/** The error for a path that names a folder where a file is wanted. */
export function folderInsteadOfFile(path: string, action: FileAction): FileError {
  return fileErrorFrom(Object.assign(new Error('is a directory'), { code: 'EISDIR' }), path, action);
}

function explain(
  system: string,
  path: string,
  action: FileAction,
): [code: string, reason: string] | undefined {
  switch (system) {
    case 'ENOENT':
      return action === 'write'
        ? [
            'file/folder-missing',
            `the folder it should go into does not exist. Create it first, or check the path.`,
          ]
        : [
            'file/not-found',
            `there is no such file. Check the path; relative paths start at ${process.cwd()}.`,
          ];
    case 'ENOTDIR':
      return ['file/not-a-folder', 'a part of the path is a file, not a folder. Check the path.'];
    case 'EISDIR':
      return [
        'file/is-a-folder',
        `it is a folder. Give the path of a file, e.g. '${path.replace(/[\\/]+$/, '')}/model.heddle'.`,
      ];
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return [
        action === 'write' ? 'file/not-writable' : 'file/not-readable',
        `permission denied${system === 'EROFS' ? ' (the file system is read-only)' : ''}. ` +
          `Change the permissions, or ${action === 'write' ? 'choose another folder' : 'run as a user who may read it'}.`,
      ];
    case 'ENOSPC':
    case 'EDQUOT':
      return ['file/disk-full', 'the disk (or quota) is full. Free some space, or choose another disk.'];
    case 'EFBIG':
      return ['file/too-large', 'the file system or a limit of this process allows no file of that size.'];
    case 'ENAMETOOLONG':
      return ['file/name-too-long', 'the name is too long for this file system. Choose a shorter one.'];
    case 'EMFILE':
    case 'ENFILE':
      return ['file/too-many-open', 'too many files are open. Close some, or raise the limit (ulimit -n).'];
    default:
      return undefined;
  }
}
