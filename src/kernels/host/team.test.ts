import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { JobError } from '../../core/errors.ts';
import { Team } from './team.ts';

const gangModule = new URL('./gang.fixture.ts', import.meta.url).href;

const teams: Team[] = [];
after(() => Promise.all(teams.map((team) => team.close())));

function teamOf(threads: number): Team {
  const team = new Team(threads);
  teams.push(team);
  return team;
}

for (const threads of [1, 2, 3]) {
  test(`${threads} threads meet at every barrier of a thousand rounds`, () => {
    const team = teamOf(threads);
    const cells = team.arena.zeros(8 * threads);
    const sums = team.arena.zeros(threads);
    team.call('meetingProbe', cells, sums, 1000);
    assert.deepEqual([...team.arena.viewF64(sums, threads)], Array(threads).fill(1000 * threads));
  });

  test(`a gang function runs on each of ${threads} threads, between kernel calls`, async () => {
    const team = teamOf(threads);
    const cells = new Int32Array(new SharedArrayBuffer(4 * (threads + 1)));
    for (const offset of [10, 20]) {
      await team.gang(gangModule, 'stamp', { cells, offset });
      assert.deepEqual([...cells], [...Array.from({ length: threads }, (_, t) => offset + t), threads]);
      const block = team.arena.zeros(9 * threads);
      team.call('meetingProbe', block, team.arena.zeros(threads), 3);
    }
  });
}

for (const culprit of [0, 1]) {
  test(`a trap in thread ${culprit} frees the thread that waits for it and reaches the caller`, () => {
    const team = teamOf(2);
    assert.throws(() => team.call('trapProbe', culprit), JobError);
  });
}

test("a gang function's error in a helper reaches the caller with its message", async () => {
  const team = teamOf(2);
  await assert.rejects(team.gang(gangModule, 'failInHelper', null), /thread 1 has had enough/);
});

test('the arena grows, keeps what it holds, and frees what a scope allocated', () => {
  const { arena } = teamOf(1);
  const first = arena.place(Float64Array.of(1, 2, 3));
  const inner = arena.scope(() => arena.f64(1 << 20));
  assert.equal(arena.f64(1), inner);
  assert.deepEqual([...arena.copyF64(first, 3)], [1, 2, 3]);
  assert.throws(() => arena.allocate(2 ** 33), { code: 'job/out-of-memory' });
});
