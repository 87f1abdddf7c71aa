/**
 * The worked example: read house prices, split them, train a linear regression on three of the four rows and predict
 * the price of the fourth.
 */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { linearRegression, meanSquaredError, r2Score, readCsv, trainTestSplit } from '../src/index.ts';

// 1. Collect: a CSV file with columns 面积 (area), 卧室数量 (bedrooms), 地理位置 (location) and 售价 (price).
const data = await readCsv(fileURLToPath(new URL('data/housing_data.csv', import.meta.url)));

// 2. Prepare: what the price is predicted from, and the price.
const x = data.select(['面积', '卧室数量', '地理位置']);
const y = data.numbers('售价');

// 3. Split: a fifth of the rows, one here, is kept for the test.
const { xTrain, xTest, yTrain, yTest } = trainTestSplit(x, y, { testSize: 0.2, randomState: 42 });

// 4. Train.
const model = await linearRegression().fit(xTrain, yTrain);

// 5. Evaluate. With a single test row R² is undefined.
const predictions = await model.predict(xTest);
console.log(`训练集 training rows  ${xTrain.rows}`);
console.log(`测试集 test rows      ${xTest.rows}`);
console.log(`系数 coefficients     ${[...model.coef].map((value) => value.toFixed(6)).join(', ')}`);
console.log(`截距 intercept        ${model.intercept.toFixed(6)}`);
console.log(`真实售价 true price   ${[...yTest].join(', ')}`);
console.log(`均方误差 MSE          ${meanSquaredError(yTest, predictions).toFixed(6)}`);
console.log(`R²                    ${r2Score(yTest, predictions)}`);

// 6. Use it: the prediction of the article.
console.log(`[${[...predictions].map((value) => value.toFixed(8)).join(' ')}]`);
// NumPy prints eight decimals of this figure.
assert.ok(Math.abs(predictions[0]! - 462.45942572) < 1e-8);
