#pragma once

#include <cstdint>

namespace rp {

/// Chance with a seed: the same seed gives the same numbers on each machine
/// and with each library, which std::uniform_int_distribution does not.
///
///     SimRandom random(7);
///     if (random.chance(10)) ...        // ten times of a thousand
///     auto delay = 1ms * random.below(20);
///
/// The generator is splitmix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014). One thread at a time.
class SimRandom {
 public:
  explicit SimRandom(std::uint64_t seed) : state_(seed) {}

  /// Any 64 bits.
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

  /// From 0 to `end` - 1; 0 if `end` is 0.
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : next() % end; }

  /// From `least` to `most`, both included; `least` if they are reversed.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return most <= least ? least : least + below(most - least + 1);
  }

  /// True `in_a_thousand` times of a thousand.
  bool chance(std::uint64_t in_a_thousand) {
    return below(1000) < in_a_thousand;
  }

 private:
  std::uint64_t state_;
};

}  // namespace rp
