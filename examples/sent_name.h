#pragma once

#include <string>
#include <string_view>

namespace rp {

/// The value of `Content-Disposition` (RFC 6266) for a file that was sent as
/// `path`, a path of a request:
///
///     attachment_of("/a%20b.txt");     // attachment; filename="a b.txt"
///     attachment_of("/caf%C3%A9.txt");
///     // attachment; filename*=UTF-8''caf%c3%a9.txt
///
/// The name is what follows the last slash. What is neither a letter, a digit
/// nor one of ` .-_` takes the second form, escaped; so nothing in it can end
/// the value or be a folder. Without a name: "attachment".
///
/// Thread rule: any.
std::string attachment_of(std::string_view path);

}  // namespace rp
