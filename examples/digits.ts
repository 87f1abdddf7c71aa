/**
 * Handwritten digits: a small convolutional network learns from 8,000 and reads 2,000 that it never saw. It takes some 80 s of processor time;
 * `npm start -- digits 4 100` for 4 passes over 100 of each digit.
 */
import assert from 'node:assert/strict';
import { accuracyScore, confusionMatrix, imageClassifier } from '../src/index.ts';
import { readDigits } from './digits/read-digits.ts';

const [passes = '20', perDigit = '2000'] = process.argv.slice(2);

// 1. Data: the first 200 of each digit are for the test.
const train = readDigits([200, 200 + Number(perDigit)]);
const test = readDigits([0, 200]);
console.log(`training pictures  ${train.x.rows}`);
console.log(`test pictures      ${test.x.rows}`);

// 2. The network: three stages of convolution, normalisation and pooling. Each time a picture is shown, it is moved, turned and
//    enlarged a little; never mirrored, which would make other characters of digits.
const classifier = imageClassifier({
  epochs: Number(passes),
  augmentation: { shift: 0.08, rotate: 10, zoom: 0.1 },
  learningRate: 0.004,
});

// 3. Train.
const model = await classifier.fit(train.x, train.y, {
  onProgress: ({ message }) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${message}`),
});
for (const { layer, outputShape, parameters } of model.summaryOfLayers)
  console.log(`${layer.padEnd(18)} ${outputShape.join(' × ').padEnd(13)} ${parameters || ''}`.trimEnd());
console.log(`trained in         ${model.summary.seconds.toFixed(1)} s`);

// 4. Evaluate.
const read = await model.predict(test.x);
const accuracy = accuracyScore(test.y, read);
console.log(`accuracy           ${(100 * accuracy).toFixed(2)}%`);

// 5. Which digits it takes for which others.
console.log(String(confusionMatrix(test.y, read)));

// What 20 passes over all reach; fewer pictures say less, see the test of the examples.
if (passes === '20' && perDigit === '2000') assert.ok(accuracy >= 0.985, String(accuracy));
