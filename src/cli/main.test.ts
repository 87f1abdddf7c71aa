import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { heddle } from './run.fixture.ts';

const bin = fileURLToPath(new URL('../../bin/heddle.js', import.meta.url));

test('without arguments, with help and with --help the commands are listed', async () => {
  for (const argv of [[], ['help'], ['--help'], ['-h']]) {
    const { code, stdout, stderr } = await heddle(...argv);
    assert.deepEqual([code, stderr], [0, '']);
    for (const command of ['train', 'predict', 'evaluate', 'models', 'profile', 'help']) {
      assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    }
  }
});

test('every command has help that names its flags, by either way of asking', async () => {
  for (const command of ['train', 'predict', 'evaluate', 'models', 'profile']) {
    const help = await heddle('help', command);
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`Usage: heddle ${command}`));
    assert.match(help.stdout, /--json/);
    assert.equal((await heddle(command, '--help')).stdout, help.stdout);
  }
});

test('the version is that of the package', async () => {
  assert.equal((await heddle('--version')).stdout, `${packageJson.version}\n`);
});

test('an unknown command, flag or parameter ends with code 1 and one line on stderr', async () => {
  const cases: [string[], RegExp][] = [
    [['trian', 'x.csv'], /no command 'trian'. Did you mean 'train'\?/],
    [['--json'], /no flag '--json' before the command/],
    [['constructor'], /no command 'constructor'/],
    [['models', '--jsno'], /no flag '--jsno'. Did you mean '--json'\?/],
    [['models', 'ridge', 'lasso'], /models has no use for 'lasso'/],
    [['predict', 'house.heddle'], /predict needs DATA. Usage: heddle predict MODEL DATA/],
    [['train'], /train needs DATA/],
    [['train', 'x.csv'], /train needs --target COL/],
    [['help', 'trian'], /Did you mean 'train'/],
  ];
  for (const [argv, message] of cases) {
    const { code, stdout, stderr } = await heddle(...argv);
    assert.deepEqual([code, stdout], [1, ''], argv.join(' '));
    assert.match(stderr, message);
    assert.match(stderr, /^heddle: [^\n]*\n$/);
  }
});

test('as a process it writes results to stdout, messages to stderr, and sets the exit code', () => {
  const good = spawnSync(process.execPath, [bin, '--version'], { encoding: 'utf8' });
  assert.deepEqual([good.status, good.stdout, good.stderr], [0, `${packageJson.version}\n`, '']);
  const bad = spawnSync(process.execPath, [bin, 'trian'], { encoding: 'utf8' });
  assert.deepEqual([bad.status, bad.stdout], [1, '']);
  assert.match(bad.stderr, /^heddle: There is no command 'trian'/);
});

test('a stack is shown only when HEDDLE_DEBUG asks for it', () => {
  const env = { ...process.env, HEDDLE_DEBUG: '1' };
  const { stderr } = spawnSync(process.execPath, [bin, 'trian'], { encoding: 'utf8', env });
  assert.match(stderr, /\n\s+at /);
});
