import type { JobOptions } from '../../jobs/job.ts';
import type { LoadedModel, LoadOptions } from '../model-file.ts';

/**
 * A folder that keeps models by name and version: `registry.db` (SQLite) and `objects/` (model files by the SHA-256 of their
 * bytes). A version never changes once it is registered; aliases (`champion`, `challenger`, …) point to versions and move.
 */
export interface Registry extends Disposable {
  readonly folder: string;
  /**
   * Adds a model file as the next version of `name`: 1, 2, … When this returns, a kill of the process loses nothing.
   * @throws FileError for a file that is no model; OptionError for a name, alias or tag that is not allowed.
   */
  register(name: string, file: string, facts?: RegisterFacts): Promise<ModelVersion>;
  /** Names, each with its newest version and its aliases. */
  models(): RegisteredModel[];
  /** Versions of `name`, newest first. @throws OptionError for an unknown name, with the nearest. */
  versions(name: string): ModelVersion[];
  /** By reference ({@link ModelReference}). @throws OptionError for an unknown name, version or alias, naming those there are. */
  resolve(reference: string): ModelVersion;
  /** The file of a version; read it, do not write it. */
  path(version: ModelVersion): string;
  /** Copies the file of a version out, checked by its digest. @throws FileError */
  copy(reference: string, file: string): Promise<ModelVersion>;
  load(reference: string, options?: LoadOptions): Promise<{ version: ModelVersion; model: LoadedModel }>;
  /**
   * Points an alias to a version.
   * @param expected Only when the alias points there now (null: is not there); otherwise nothing changes and it throws OptionError
   *   `registry/alias-moved`.
   */
  setAlias(name: string, alias: string, version: number, move?: AliasMove): void;
  /** @throws OptionError when there is no such alias. */
  removeAlias(name: string, alias: string, reason?: string): void;
  /** Sets tags; null removes one. */
  setTags(name: string, version: number, tags: Readonly<Record<string, string | null>>): ModelVersion;
  /**
   * Takes a version away; its number is never given again, its file stays until {@link prune}.
   * @throws OptionError `registry/version-in-use` while an alias points to it.
   */
  remove(name: string, version: number, reason?: string): void;
  /** Every registration, removal, alias move and change of tags of `name`, oldest first, each with its reason. */
  history(name: string): RegistryEvent[];
  /** Hashes every file again. @throws AbortError */
  verify(job?: Pick<JobOptions, 'signal' | 'onProgress'>): Promise<VerifyResult>;
  /** Deletes the files that no version has, and what killed processes left half-written. */
  prune(): Promise<PruneResult>;
  /** Differs after anything in the registry has changed, by this process or another; costs microseconds. */
  revision(): string;
}

/** Files of versions that are not what was registered. */
export interface VerifyResult {
  /** Files, each of one or several versions. */
  readonly checked: number;
  readonly bytes: number;
  readonly faults: readonly {
    readonly digest: string;
    readonly fault: 'missing' | 'changed';
    /** References, `name@3`. */
    readonly versions: readonly string[];
  }[];
}

export interface PruneResult {
  readonly files: number;
  readonly bytes: number;
}

/**
 * `name`, `name@alias`, `name@3` or `name@latest`, the newest version. A bare name is its alias `champion`, or its newest version
 * when it has none.
 */
export type ModelReference = string;

export interface RegisterFacts {
  readonly aliases?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Added to those that the model file remembers. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  /** Added to what the model file remembers of its making. */
  readonly lineage?: Lineage | undefined;
  readonly note?: string | undefined;
}

/** Where a model comes from. */
export interface Lineage {
  readonly dataSource?: string | undefined;
  /** SHA-256 of the training table. */
  readonly dataFingerprint?: string | undefined;
  readonly rows?: number | undefined;
  /** What `trainTable` was told. */
  readonly options?: object | undefined;
  readonly split?: object | undefined;
  readonly heddle?: string | undefined;
  /** The version of the same name that it was trained to replace. */
  readonly parent?: number | undefined;
}

export interface ModelVersion {
  readonly name: string;
  readonly version: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly bytes: number;
  /** Name of the specification, e.g. `pipeline-regressor`. */
  readonly model: string;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly lineage: Lineage;
  readonly note: string;
}

export interface RegisteredModel {
  readonly name: string;
  readonly newest: ModelVersion;
  readonly versions: number;
  /** Version of each alias. */
  readonly aliases: Readonly<Record<string, number>>;
}

export interface AliasMove {
  readonly expected?: number | null | undefined;
  /** Kept in the history. */
  readonly reason?: string | undefined;
}

export interface RegistryEvent {
  readonly at: string;
  readonly kind: 'registered' | 'removed' | 'alias-set' | 'alias-removed' | 'tagged';
  readonly version: number;
  readonly alias: string | null;
  /** Where the alias pointed before. */
  readonly from: number | null;
  readonly reason: string;
}
