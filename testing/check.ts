import type { Definition } from '../src/define/definition.ts';
import type { Subject } from './subject.ts';
import type { Traits } from './traits.ts';

/** One thing that holds for every model it fits. */
export interface Check {
  /** What must hold: a sentence that follows the model's name and a colon. */
  readonly holds: string;
  /** Which models it fits; without it all. */
  readonly when?: (definition: Definition, traits: Traits) => boolean;
  /** @throws AssertionError, or whatever the model throws, when it does not hold. */
  readonly run: (subject: Subject) => void | Promise<void>;
}

export type CheckTable = Readonly<Record<string, Check>>;
