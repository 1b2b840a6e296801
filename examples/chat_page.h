#pragma once

#include <vector>

#include "rpc/http_files.h"

namespace rp {

/// The files of examples/chat_page/, which are part of the program: a page to
/// talk in the room. "/" is the page itself.
///
///     serve_files(server, chat_page());
std::vector<HttpFile> chat_page();

}  // namespace rp
