/** A report and what is in it. */
export interface Report {
  /** One self-contained page. */
  readonly html: string;
  readonly sections: readonly SectionSummary[];
}

export interface SectionSummary {
  /** The anchor in the page. */
  readonly id: string;
  readonly title: string;
  /** `empty`: the run has nothing for it, which the page says. */
  readonly state: 'shown' | 'empty';
}
