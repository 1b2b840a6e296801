#pragma once

#include <cstddef>
#include <string>

namespace rp {

/// Bytes that nobody can guess, from the kernel: names, keys, masks.
///
///     const std::string key = to_base64(random_bytes(16));
///
/// Throws std::system_error when the kernel has not given them all; up to 256
/// it does (getrandom(2)). Any thread.
std::string random_bytes(std::size_t count);

}  // namespace rp
