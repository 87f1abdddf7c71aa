import type { OnnxBuilder, OnnxValue } from '../../define/onnx.ts';
import type { DatePart } from './parts.ts';

const MS_PER_DAY = 86_400_000;

/**
 * One part of a time in milliseconds since 1970-01-01T00:00Z, float64 [rows, 1], as {@link datePart} computes it. The calendar is that of
 * H. Hinnant, "chrono-compatible low-level date algorithms" (2013): eras of 400 years of 146,097 days that begin on 1 March. All numbers are whole
 * and exact in float64.
 */
export function dateNodes(
  graph: OnnxBuilder,
  part: DatePart,
  time: OnnxValue,
  earliest: number | null,
): OnnxValue {
  const { add, subtract, times, over, floor, select, atLeast } = arithmetic(graph);
  const dayOf = (ms: OnnxValue) => floor(over(ms, MS_PER_DAY));
  const sinceMidnight = () => subtract(time, times(dayOf(time), MS_PER_DAY));
  switch (part) {
    case 'elapsedDays':
      return over(subtract(time, earliest ?? Number.NaN), MS_PER_DAY);
    case 'hour':
      return floor(over(sinceMidnight(), 3_600_000));
    case 'minute': {
      const minutes = floor(over(sinceMidnight(), 60_000));
      return subtract(minutes, times(floor(over(minutes, 60)), 60));
    }
    case 'dayOfWeek': {
      // 1970-01-01 was a Thursday, which is 3 when Monday is 0.
      const day = add(dayOf(time), 3);
      return subtract(day, times(floor(over(day, 7)), 7));
    }
    default:
  }
  const day = add(dayOf(time), 719_468);
  const era = floor(over(day, 146_097));
  const dayOfEra = subtract(day, times(era, 146_097));
  const leaps = add(
    subtract(floor(over(dayOfEra, 36_524)), floor(over(dayOfEra, 1460))),
    times(floor(over(dayOfEra, 146_096)), -1),
  );
  const yearOfEra = floor(over(add(dayOfEra, leaps), 365));
  const leapDays = subtract(floor(over(yearOfEra, 4)), floor(over(yearOfEra, 100)));
  /** From 1 March, 0. */
  const dayOfYear = subtract(dayOfEra, add(times(yearOfEra, 365), leapDays));
  const monthFromMarch = floor(over(add(times(dayOfYear, 5), 2), 153));
  const month = add(monthFromMarch, select(atLeast(monthFromMarch, 10), -9, 3));
  const year = add(add(yearOfEra, times(era, 400)), select(atLeast(monthFromMarch, 10), 1, 0));
  switch (part) {
    case 'year':
      return year;
    case 'month':
      return month;
    case 'quarter':
      return floor(over(add(month, 2), 3));
    case 'day':
      return add(subtract(dayOfYear, floor(over(add(times(monthFromMarch, 153), 2), 5))), 1);
    case 'dayOfYear': {
      // January and February come after the 306 days from March on; later months after them and the leap day of this year.
      const isDivisible = (by: number) => subtract(year, times(floor(over(year, by)), by));
      const zero = (value: OnnxValue) => graph.node('Equal', [value, graph.scalar(0)]);
      const isLeap = graph.node('Or', [
        graph.node('And', [zero(isDivisible(4)), graph.node('Not', [zero(isDivisible(100))])]),
        zero(isDivisible(400)),
      ]);
      return add(dayOfYear, select(atLeast(monthFromMarch, 10), -305, select(isLeap, 61, 60)));
    }
    default:
      return part satisfies never;
  }
}

type Operand = OnnxValue | number;

function arithmetic(graph: OnnxBuilder) {
  const value = (operand: Operand) => (typeof operand === 'number' ? graph.scalar(operand) : operand);
  const binary = (op: string) => (a: OnnxValue, b: Operand) => graph.node(op, [a, value(b)]);
  return {
    add: binary('Add'),
    subtract: binary('Sub'),
    times: binary('Mul'),
    over: binary('Div'),
    atLeast: binary('GreaterOrEqual'),
    floor: (a: OnnxValue) => graph.node('Floor', [a]),
    select: (condition: OnnxValue, yes: Operand, no: Operand) =>
      graph.node('Where', [condition, value(yes), value(no)]),
  };
}
