/** A process that logs predictions and feedback until it is killed, saying on stdout what was acknowledged. */
import { openPredictionLog } from './open-prediction-log.ts';

const [path, name] = process.argv.slice(2);
const log = await openPredictionLog(path, { flushMs: 5 });
for (let i = 0; i < 100_000; i++) {
  const id = `${name}-${i}`;
  log.append([{ id, at: i, model: name, version: null, row: { x: i, who: name }, prediction: i % 2 === 0 }]);
  if (i % 10 !== 0) continue;
  const outcome = await log.feedback({ predictionId: id, at: i, said: { kind: 'label', value: i } });
  process.stdout.write(`${id} ${outcome}\n`);
}
