// The worked example as a user runs it: against the published build.
import { linearRegression, meanSquaredError, readCsv, trainTestSplit } from '../../../dist/src/index.js';

const data = await readCsv(process.argv[2]);
const { xTrain, xTest, yTrain, yTest } = trainTestSplit(data.drop(['售价']), data.numbers('售价'), {
  testSize: 0.2,
  randomState: 42,
});
const model = await linearRegression().fit(xTrain, yTrain);
const predicted = await model.predict(xTest);
console.log(JSON.stringify({ prediction: predicted[0], error: meanSquaredError(yTest, predicted) }));
