// Everything exported here becomes a kernel that `Team.call` can name. A kernel takes (thread, threads, …numbers).
export { choleskyPanel } from './cholesky';
export { correlateColumns, correlateGram, descendColumns, descendGram, gramRowOfColumns, subtractColumns } from './coordinate-descent';
export { csvBooleans, csvDates } from './csv-cells';
export { csvCodes, csvRehash } from './csv-codes';
export { csvNumbers } from './csv-numbers';
export { csvLines, csvNextLine, csvScan, utf8Error } from './csv-scan';
export { fillDesignRows } from './design-rows';
export { exponentials, logarithmsOfOnePlus } from './exponential';
export { addGram } from './gram';
export { logisticSweep, softmaxCurvature, softmaxSweep } from './logistic';
export { pivotedQr } from './pivoted-qr';
export { meetingProbe, trapProbe } from './probe';
export { addResidualGradient } from './residual-gradient';
export { spinWhile } from './team';
export { foldRows } from './triangle-rows';
export { sumShards, weightedGram } from './weighted-gram';
