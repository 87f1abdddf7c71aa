import { type Command, figuresAgree } from '../workload.ts';

export const workload: Command = {
  title: 'house-price script, process start included',
  goal: 4,
  heddle: [
    process.execPath,
    '{here}/workloads/house-price/house-price.js',
    '{here}/../examples/data/housing_data.csv',
  ],
  peer: ['{python}', '{here}/workloads/house-price.py', '{here}/../examples/data/housing_data.csv'],
  // The figure that the worked example prints.
  compare: figuresAgree(1e-8 / 462),
};
