import { OptionError, suggestion } from '../../core/errors.ts';

const ofDrift = [
  'kolmogorovSmirnov',
  'wasserstein',
  'populationStability',
  'jensenShannon',
  'chiSquared',
  'missing',
  'unseen',
  'vanished',
];
const ofWindow = ['outOfRange', 'area', 'accuracy', 'error'];

/** `NAME=VALUE` texts as thresholds of `monitorWindow`. @throws OptionError for an unknown name or a value that is no number. */
export function thresholds(given: readonly string[]): {
  readonly thresholds: Record<string, number>;
  readonly drift: { readonly thresholds: Record<string, number> };
} {
  const result = {
    thresholds: {} as Record<string, number>,
    drift: { thresholds: {} as Record<string, number> },
  };
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, at).trim();
    const value = Number(text.slice(at + 1));
    const known = [...ofDrift, ...ofWindow];
    if (at < 1 || text.slice(at + 1).trim() === '' || !Number.isFinite(value)) {
      throw new OptionError(
        'command/bad-flag',
        `--threshold takes NAME=NUMBER, e.g. missing=0.1, but got '${text}'.`,
        { flag: 'threshold' },
      );
    }
    if (!known.includes(name)) {
      throw new OptionError(
        'command/bad-flag',
        `--threshold: there is no threshold '${name}'.${suggestion(name, known)} They are ${known.join(', ')}.`,
        { flag: 'threshold' },
      );
    }
    (ofDrift.includes(name) ? result.drift.thresholds : result.thresholds)[name] = value;
  }
  return result;
}
