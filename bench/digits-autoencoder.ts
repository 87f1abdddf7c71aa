/**
 * Autoencoders on handwritten digits: for each digit, one is trained on the nine others; the error with which pictures are restored then
 * tells the digit from those that were trained on (area under the ROC curve on pictures never seen), beside the same with a PCA of as many
 * components. And how much of the pictures of all digits is lost by each.
 *
 *     node bench/digits-autoencoder.ts [components] [passes] [digits, e.g. 0,1]
 */

import { type Digits, readDigits } from '../examples/digits/read-digits.ts';
import { autoencoder, type Matrix, pca, reconstructionError, rocAucScore } from '../src/index.ts';

const [components = '6', passes = '45', digits = '0,1,2,3,4,5,6,7,8,9'] = process.argv.slice(2);
const nComponents = Number(components);
const train = readDigits([200, 10_000]);
const test = readDigits([0, 200]);
const options = {
  ...{ nComponents, hiddenLayerSizes: [256, 64], standardize: false, maxIter: Number(passes), tol: 0 },
  learningRateInit: 2e-3,
};

async function errorsByPca(x: Matrix, of: Matrix): Promise<Float64Array> {
  const model = await pca({ nComponents, svdSolver: 'randomized' }).fit(x);
  const restored = (await model.inverseTransform(await model.transform(of))) as Matrix;
  return Float64Array.from({ length: of.rows }, (_, i) => {
    const [own, back] = [of.row(i), restored.row(i)];
    return own.reduce((sum, value, j) => sum + (value - back[j]!) ** 2, 0) / of.columns;
  });
}

const without = ({ x, y }: Digits, digit: number): Matrix =>
  x.take(y.flatMap((label, i) => (label === digit ? [] : [i]))) as Matrix;
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

const whole = await autoencoder(options).fit(train.x);
console.log(`${nComponents} components, ${whole.nIter} passes, ${test.x.rows} test pictures`);
console.log(
  `mean squared error of a pixel   autoencoder ${mean(await reconstructionError(whole, test.x)).toFixed(5)}   PCA ${mean(await errorsByPca(train.x, test.x)).toFixed(5)}`,
);
console.log('digit left out   ROC AUC of its error   by PCA');
for (const digit of digits.split(',').map(Number)) {
  const others = without(train, digit);
  const isOut = test.y.map((label) => Number(label === digit));
  const model = await autoencoder(options).fit(others);
  const own = rocAucScore(isOut, await reconstructionError(model, test.x));
  const linear = rocAucScore(isOut, await errorsByPca(others, test.x));
  console.log(`${String(digit).padStart(14)}   ${own.toFixed(4).padStart(20)}   ${linear.toFixed(4)}`);
}
