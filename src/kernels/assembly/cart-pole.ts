// Steps of many poles on carts, two at a time. The operations are those of src/environments/cart-pole.ts in their order, without fused products, so that the
// numbers are the same to the bit.

// Loaded where they are used: splats of constants in a hot loop cost more than loads.
// prettier-ignore
const TABLE: usize = memory.data<f64>([
  0.02, // 0: seconds of a step
  0.9090909090909091, // 8: 1 ÷ (mass of pole and cart)
  2.4, // 16: limit of the position
  0.20943951023931953, // 24: limit of the angle
  20, // 32
  10, // 40: newtons of a push
  0.05, // 48: mass of the pole × half its length
  0.5, // 56: half its length
  1.3333333333333333, // 64
  0.09090909090909091, // 72
  9.8, // 80: gravity
  0.045454545454545456, // 88
  0.3, // 96: angles below which the series hold
  1, // 104
  -0.16666666666666666, // 112: sine: −1/3!, −1/7!, −1/11!
  -0.0001984126984126984, // 120
  -2.505210838544172e-8, // 128
  0.008333333333333333, // 136: 1/5!, 1/9!, 1/13!
  0.0000027557319223985893, // 144
  1.6059043836821613e-10, // 152
  -0.5, // 160: cosine: −1/2!, −1/6!, −1/10!
  -0.001388888888888889, // 168
  -2.755731922398589e-7, // 176
  0.041666666666666664, // 184: 1/4!, 1/8!, 1/12!
  0.0000248015873015873, // 192
  2.08767569878681e-9, // 200
]);

// @ts-ignore: decorator
@inline
function constant(offset: usize): v128 {
  return v128.load64_splat(TABLE + offset);
}

/**
 * One step of `count` poles, an even number. State: position, velocity, angle, angular velocity in float64; actions int32, 0 or 1; `observations` gets the
 * states in float32, `rewards` (float64) `fallen` or `standing`, `terminated` 1 or 0 for each. A pair with an angle too large for the series is left as it
 * is, and `terminated` gets 2 for both.
 * @returns how many fell, −1 if some pairs were left.
 */
export function cartPoleSteps(
  thread: i32, threads: i32, count: i32, state: usize, actions: usize, fallen: f64, standing: f64, rewards: usize, terminated: usize, observations: usize,
): i32 {
  const small = constant(96);
  const one = constant(104);
  const tau = constant(0);
  const mass = constant(8);
  const mostX = constant(16);
  const mostAngle = constant(24);
  const down = f64x2.splat(fallen);
  const up = f64x2.splat(standing);
  let ends = 0;
  let left = false;
  for (let i = 0; i < count; i += 2) {
    const first = v128.load(state);
    const firstTurn = v128.load(state, 16);
    const second = v128.load(state, 32);
    const secondTurn = v128.load(state, 48);
    const angle = v128.shuffle<f64>(firstTurn, secondTurn, 0, 2);
    if (!i64x2.all_true(f64x2.lt(f64x2.abs(angle), small))) {
      store<u16>(terminated, 0x0202);
      left = true;
    } else {
      const x = v128.shuffle<f64>(first, second, 0, 2);
      const velocity = v128.shuffle<f64>(first, second, 1, 3);
      const turning = v128.shuffle<f64>(firstTurn, secondTurn, 1, 3);
      const s = f64x2.mul(angle, angle);
      const q = f64x2.mul(s, s);
      const sin = smallSin(angle, s, q);
      const cos = smallCos(one, s, q);
      // 10 or −10.
      const force = f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_s(v128.load64_zero(actions)), constant(32)), constant(40));
      const swing = f64x2.mul(f64x2.mul(constant(48), f64x2.mul(turning, turning)), sin);
      const push = f64x2.mul(f64x2.add(force, swing), mass);
      const inertia = f64x2.mul(
        constant(56), f64x2.sub(constant(64), f64x2.mul(constant(72), f64x2.mul(cos, cos))),
      );
      const turn = f64x2.div(f64x2.sub(f64x2.mul(constant(80), sin), f64x2.mul(cos, push)), inertia);
      const acceleration = f64x2.sub(push, f64x2.mul(f64x2.mul(constant(88), turn), cos));
      const newX = f64x2.add(x, f64x2.mul(tau, velocity));
      const newVelocity = f64x2.add(velocity, f64x2.mul(tau, acceleration));
      const newAngle = f64x2.add(angle, f64x2.mul(tau, turning));
      const newTurning = f64x2.add(turning, f64x2.mul(tau, turn));
      const place0 = v128.shuffle<f64>(newX, newVelocity, 0, 2);
      const place1 = v128.shuffle<f64>(newX, newVelocity, 1, 3);
      const pole0 = v128.shuffle<f64>(newAngle, newTurning, 0, 2);
      const pole1 = v128.shuffle<f64>(newAngle, newTurning, 1, 3);
      v128.store(state, place0);
      v128.store(state, pole0, 16);
      v128.store(state, place1, 32);
      v128.store(state, pole1, 48);
      v128.store(observations, v128.shuffle<f32>(f32x4.demote_f64x2_zero(place0), f32x4.demote_f64x2_zero(pole0), 0, 1, 4, 5));
      v128.store(observations, v128.shuffle<f32>(f32x4.demote_f64x2_zero(place1), f32x4.demote_f64x2_zero(pole1), 0, 1, 4, 5), 16);
      const falls = v128.or(f64x2.gt(f64x2.abs(newX), mostX), f64x2.gt(f64x2.abs(newAngle), mostAngle));
      const bits = i64x2.bitmask(falls);
      store<u8>(terminated, bits & 1);
      store<u8>(terminated, bits >> 1, 1);
      ends += (bits & 1) + (bits >> 1);
      v128.store(rewards, v128.bitselect(down, up, falls));
    }
    state += 64;
    actions += 8;
    rewards += 16;
    terminated += 2;
    observations += 32;
  }
  return left ? -1 : ends;
}

// Taylor's series, as in src/environments/cart-pole.ts.

// @ts-ignore: decorator
@inline
function smallSin(x: v128, s: v128, q: v128): v128 {
  const even = series(q, 112);
  const odd = series(q, 136);
  return f64x2.add(x, f64x2.mul(f64x2.mul(x, s), f64x2.add(even, f64x2.mul(s, odd))));
}

// @ts-ignore: decorator
@inline
function smallCos(one: v128, s: v128, q: v128): v128 {
  const even = series(q, 160);
  const odd = series(q, 184);
  return f64x2.add(one, f64x2.mul(s, f64x2.add(even, f64x2.mul(s, odd))));
}

// @ts-ignore: decorator
@inline
function series(q: v128, at: usize): v128 {
  return f64x2.add(constant(at), f64x2.mul(q, f64x2.add(constant(at + 8), f64x2.mul(q, constant(at + 16)))));
}
