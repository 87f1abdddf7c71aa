/** Charts: plain data → SVG text, without a browser. */
export { type Bar, type BarChartOptions, barChart } from './bar-chart.ts';
export { type BeeswarmOptions, beeswarm, type SwarmRow } from './beeswarm.ts';
export { binValues } from './bin-values.ts';
export { type CalibrationSeries, calibrationPlot } from './calibration-plot.ts';
export type { ChartOptions, LegendEntry } from './chart-options.ts';
export { type DendrogramOptions, dendrogram } from './dendrogram.ts';
export { type DotPlotOptions, type DotRow, dotPlot } from './dot-plot.ts';
export { type HeatMap, type HeatMapOptions, heatMap } from './heat-map.ts';
export { type Bins, type HistogramOptions, histogram } from './histogram.ts';
export { type LineChartOptions, type LineSeries, lineChart } from './line-chart.ts';
export { type ScatterOptions, scatter } from './scatter.ts';
export { sparkBars } from './spark-bars.ts';
export { type TrainingCurve, trainingCurve } from './training-curve.ts';
export { type DiagramNode, type TreeDiagramOptions, treeDiagram } from './tree-diagram.ts';
export { type UnitCurve, type UnitCurvesOptions, unitCurves } from './unit-curves.ts';
export { type WaterfallOptions, type WaterfallStep, waterfall } from './waterfall.ts';
