#pragma once

#include <cstddef>
#include <string>

namespace rp {

/// Bytes that nobody can guess, from the kernel: names, keys, masks.
///
///     const std::string key = to_base64(random_bytes(16));
///
/// At most 256; throws std::system_error (getrandom(2)). Any thread.
std::string random_bytes(std::size_t count);

}  // namespace rp
