// Everything exported here becomes a kernel that `Team.call` can name. A kernel takes (thread, threads, …numbers).
export { cartPoleSteps } from './cart-pole';
export { choleskyPanel } from './cholesky';
export { centerRows, labelDistances, seedPotentials, sumClusters } from './cluster-sums';
export { correlateColumns, correlateGram, descendColumns, descendGram, gramRowOfColumns, subtractColumns } from './coordinate-descent';
export { csvBooleans, csvDates } from './csv-cells';
export { csvCodes, csvRehash } from './csv-codes';
export { csvNumbers } from './csv-numbers';
export { csvLines, csvNextLine, csvScan, utf8Error } from './csv-scan';
export { denseForward } from './dense-forward';
export { fillDesignRows } from './design-rows';
export { indexTexts } from './duckdb-texts';
export { exponentials, logarithmsOfOnePlus } from './exponential';
export { addGram } from './gram';
export { chainMerges, compactDistances } from './hierarchical-chain';
export { pairDistances } from './hierarchical-pairs';
export { spanRows } from './hierarchical-span';
export { wardNearest } from './hierarchical-ward';
export { tridiagonalBlocks } from './implicit-ql';
export { jacobiTurns } from './jacobi';
export { logisticSweep, softmaxCurvature, softmaxSweep } from './logistic';
export { logisticSweepSingle, softmaxSweepSingle } from './logistic-single';
export { nearestCenters } from './nearest-center';
export { bruteNeighbours, packPanels, treeNeighbours } from './neighbours';
export { adamStep, dropoutMask, gradientSquares, meet, momentumStep, rmsStep } from './optimizer';
export { panelBackward, panelForward, panelGradient, toPanels } from './panel-dense';
export { bitsToBytes, hybridBits, hybridNumbers } from './parquet-runs';
export { snappyDecode } from './parquet-snappy';
export {
  gatherMarked,
  gatherNumbers,
  missingMarks,
  numberByAppearance,
  plainNumbers,
  plainTexts,
  scaleNumbers,
  spreadBytes,
  spreadCodes,
  spreadNumbers,
} from './parquet-values';
export { pivotedQr } from './pivoted-qr';
export { meetingProbe, trapProbe } from './probe';
export { addNarrowProduct, addProduct, addUpperProduct, gatheredProduct } from './product';
export { addResidualGradient } from './residual-gradient';
export { secularRoots, secularVectors, secularWeights } from './secular';
export { descendAbsolute, descendHinge, marginSweep } from './svm-linear';
export { svmNarrowRows, svmSteps, svmStepsEach } from './svm-steps';
export { svmSums } from './svm-sums';
export { svmAddRbfSums, svmRbfRow } from './svm-values';
export { spinWhile } from './team';
export { absoluteSplits, nodeAbsolute } from './tree-absolute';
export { drawBag } from './tree-bag';
export { binRows } from './tree-bin';
export { addLeafValues, clippedGradients, logisticGradients, softmaxGradients, squaredGradients, tweedieGradients } from './tree-boost';
export { exactClassSplits, exactRegressionSplits, nodeClasses, nodeMoments, partitionPresorted, rankColumns, rankRows, selectPresorted } from './tree-exact';
export { growNodes, startTree } from './tree-grow';
export { growthBytes, growthLimits, growthNodes, growthRoom, growthRows, growthTarget, openBytes } from './tree-growth';
export { addHistogram } from './tree-histogram';
export { countRows, partitionRows } from './tree-partition';
export { addOutOfBag, addTrees, addTreesBySet, findLeaves } from './tree-predict';
export { rankGradients } from './tree-rank';
export { binnedClassSplits, binnedRegressionSplits, drawnClassSplits, drawnRegressionSplits, listRows, partitionBelow, partitionBins } from './tree-rows';
export { categorySums, markSet, partitionMarked } from './tree-sets';
export { treeShap } from './tree-shap';
export { argsortColumns } from './tree-sort';
export { addAndSplit } from './tree-split';
export { foldRows } from './triangle-rows';
export { tridiagonalPanel } from './tridiagonal';
export { sumShards, weightedGram } from './weighted-gram';
