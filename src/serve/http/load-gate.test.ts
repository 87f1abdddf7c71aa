import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LoadGate, type Ticket } from './load-gate.ts';

test('whatever comes and goes, the counts are those of the open tickets and within the limits', () => {
  const limits = { requests: 4, rows: 100, bytes: 1000 };
  const action = fc.record({
    what: fc.constantFrom('enter', 'rows', 'bytes', 'releaseRows', 'releaseBytes', 'leave'),
    which: fc.nat(5),
    count: fc.nat(80),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const gate = new LoadGate(limits);
      const open: Ticket[] = [];
      for (const { what, which, count } of actions) {
        const ticket = open[which % Math.max(1, open.length)];
        try {
          if (what === 'enter') open.push(gate.enter());
          else if (ticket === undefined) continue;
          else if (what === 'rows') gate.addRows(ticket, count);
          else if (what === 'bytes') gate.addBytes(ticket, 10 * count);
          else if (what === 'releaseRows') gate.releaseRows(ticket);
          else if (what === 'releaseBytes') gate.releaseBytes(ticket);
          else {
            gate.leave(ticket);
            gate.leave(ticket);
            open.splice(open.indexOf(ticket), 1);
          }
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'request/overloaded');
        }
        assert.equal(gate.requests, open.length);
        assert.ok(gate.requests <= limits.requests);
        assert.equal(
          gate.rows,
          open.reduce((sum, { rows }) => sum + rows, 0),
        );
        assert.equal(
          gate.bytes,
          open.reduce((sum, { bytes }) => sum + bytes, 0),
        );
        // Only what a request holds alone may be more.
        if (open.filter(({ rows }) => rows > 0).length > 1) assert.ok(gate.rows <= limits.rows);
      }
    }),
  );
});

test('it tells when nothing is in work any more', async () => {
  const gate = new LoadGate({ requests: 2, rows: 1, bytes: 1 });
  await gate.idle();
  const ticket = gate.enter();
  let isIdle = false;
  const idle = gate.idle().then(() => {
    isIdle = true;
  });
  await new Promise(setImmediate);
  assert.equal(isIdle, false);
  gate.leave(ticket);
  await idle;
  // A body that still arrives for a request that has left counts no more.
  gate.addBytes(ticket, 5);
  assert.equal(gate.bytes, 0);
});
