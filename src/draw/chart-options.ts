// Apart from the drawing itself, so that its types are those of heddle alone.

/** What all charts take. */
export interface ChartOptions {
  /** What the picture shows, for those who cannot see it and for the pointer. */
  readonly title: string;
  /** More than the title says. */
  readonly description?: string | undefined;
  /** Pixels. Default 520. */
  readonly width?: number | undefined;
  /** Pixels; by default what suits the chart and its width. */
  readonly height?: number | undefined;
}

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  /** Default `line`. */
  readonly symbol?: 'line' | 'dashes' | 'dot' | undefined;
}

export const DEFAULT_WIDTH = 520;
